"""What the admin shows and nobody may change there."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from audit.documents import json_document
from audit.models import Event
from audit.querysets import EventQuerySet

MOST_SEARCH_CHARACTERS: Final = 200
MOST_SEARCH_WORDS: Final = 20
MOST_DIGITS: Final = 18
"""As many as any key has."""
TOO_MUCH: Final = (
    f"Nothing was searched for: give {MOST_SEARCH_WORDS} words and {MOST_SEARCH_CHARACTERS} characters at most."
)


def numbered(words: str, *fields: str) -> Q:
    """The rows one of whose fields is this number; none where the words are no number that a key can be."""
    if not words.isdecimal() or len(words) > MOST_DIGITS:
        return Q(pk__in=())
    return Q(*((field, int(words)) for field in fields), _connector=Q.OR)


class SearchableAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Searched for so many words at most, each of which is looked for in each field of each row."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Nothing, and a message that says why, where more is searched for."""
        if len(search_term) > MOST_SEARCH_CHARACTERS or len(search_term.split()) > MOST_SEARCH_WORDS:
            messages.error(request, TOO_MUCH)
            return queryset.none(), False
        return self.find(request, queryset, search_term)

    def find(self, request: HttpRequest, queryset: QuerySet[Any], words: str) -> tuple[QuerySet[Any], bool]:
        """The rows that hold all the words (all rows where there are none), and whether one may come twice."""
        return super().get_search_results(request, queryset, words)


class ReadOnlyAdmin(SearchableAdmin):
    """Read only, whatever a person's permissions; a table may be large."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("position", "at", "action", "actor_name", "role", "subject", "origin", "address")
    list_filter = ("origin", "at")
    search_fields = ("action", "actor_name", "subject_type", "subject_id", "origin", "address", "request_id")
    search_help_text = "Part of an action or of a name; or a subject's type or id, an origin, an address, a request."
    ordering = ("-position",)
    fieldsets = (
        (None, {"fields": ("position", "at", "action", "subject")}),
        ("Who and from where", {"fields": ("actor_name", "actor", "role", "origin", "address", "request_id")}),
        ("What changed", {"fields": ("values_before", "values_after", "ledger_rows")}),
        ("Chain", {"fields": ("payload_digest", "digest")}),
    )

    def find(self, request: HttpRequest, queryset: QuerySet[Event], words: str) -> tuple[QuerySet[Event], bool]:
        assert isinstance(queryset, EventQuerySet)  # noqa: S101 - the manager's
        return queryset.search(words), False

    @admin.display(description="subject", ordering="subject_type")
    def subject(self, event: Event) -> str:
        return f"{event.subject_type} {event.subject_id}".strip() or "–"

    @admin.display(description="before")
    def values_before(self, event: Event) -> SafeString:
        return json_document(event.before, sort=True)

    @admin.display(description="after")
    def values_after(self, event: Event) -> SafeString:
        return json_document(event.after, sort=True)

    @admin.display(description="rows")
    def ledger_rows(self, event: Event) -> SafeString:
        return json_document(event.rows)
