from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from audit.admin import ReadOnlyAdmin

MOST_DIGITS = 18
"""As many as any key has."""


class NumberedAdmin(ReadOnlyAdmin):
    """Rows that are found by a key alone: by its index, however many rows there are."""

    search_fields: ClassVar[tuple[str, ...]]

    def find(self, request: HttpRequest, queryset: QuerySet[Any], words: str) -> tuple[QuerySet[Any], bool]:
        number = words.strip()
        if not number:
            return queryset, False
        if not number.isdecimal() or len(number) > MOST_DIGITS:
            return queryset.none(), False
        return queryset.filter(Q(*((field, int(number)) for field in self.search_fields), _connector=Q.OR)), False
