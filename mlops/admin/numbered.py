from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin import ReadOnlyAdmin, numbered


class NumberedAdmin(ReadOnlyAdmin):
    """Rows that are found by a key alone: by its index, however many rows there are."""

    search_fields: ClassVar[tuple[str, ...]]

    def find(self, request: HttpRequest, queryset: QuerySet[Any], words: str) -> tuple[QuerySet[Any], bool]:
        number = words.strip()
        return (queryset.filter(numbered(number, *self.search_fields)) if number else queryset), False
