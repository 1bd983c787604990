"""Which pages a pager leads to."""

from typing import Any

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def numbers(page: Page[Any]) -> list[int | str]:
    """The numbers that the pager of a page shows, an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
