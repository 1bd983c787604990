"""Which rows of a list one page shows, whatever its address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from components.models import Component

PAGE_SIZES = (25, 50, 100)
DEFAULT_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of components. `notes` are sentences that say which wishes of the address could not be met."""

    page: Page[Component]
    page_size: int
    notes: tuple[str, ...]


def page_of(components: QuerySet[Component], wishes: Mapping[str, str]) -> Listing:
    """The page that `page` and `page_size` of an address ask for, else the nearest there is, with a note."""
    page_size, size_notes = _page_size(wishes.get("page_size", ""))
    paginator = Paginator(components, page_size)
    number, page_notes = _page_number(wishes.get("page", ""), paginator.num_pages)
    return Listing(paginator.page(number), page_size, (*size_notes, *page_notes))


def _page_size(wish: str) -> tuple[int, tuple[str, ...]]:
    if not wish:
        return DEFAULT_PAGE_SIZE, ()
    for size in PAGE_SIZES:
        if wish == str(size):
            return size, ()
    return DEFAULT_PAGE_SIZE, (f"A page has 25, 50 or 100 rows, not “{_short(wish)}”: this one has up to 50.",)


def _page_number(wish: str, last: int) -> tuple[int, tuple[str, ...]]:
    if not wish:
        return 1, ()
    try:
        number = int(wish)
    except ValueError:
        number = 0
    if number < 1:
        return 1, (f"“{_short(wish)}” is not a page number: this is the first page.",)
    if number > last:
        return last, (f"There is no page {_short(wish)}: this is the last one.",)
    return number, ()


def _short(wish: str) -> str:
    return wish if len(wish) <= 20 else f"{wish[:20]}…"
