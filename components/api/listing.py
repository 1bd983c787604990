"""Lists by parameters of the address: each is known and valid, or refused by name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.encoding import force_str
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from components.api.problems import Fault, invalid
from components.filters import ComponentFilter


class Pages(PageNumberPagination):
    """Pages of 50, or of as many as `page_size` asks for, up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = "How many a page holds, 1 to 200; 50 unless told."
    page_query_description = "Which page, from 1. A page beyond the last does not exist: 404."
    max_page_size = 200
    last_page_strings = ()
    invalid_page_message = "There is no page {page_number}."

    def get_page_size(self, request: Request) -> int:
        return _whole_number(request, "page_size", self.max_page_size) or self.page_size

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return _whole_number(request, "page", None) or 1

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        page, page_size = super().get_schema_operation_parameters(view)
        page["schema"] |= {"minimum": 1, "default": 1}
        page_size["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [page, page_size]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "How many there are on all pages.", "example": 123},
                "next": {**link, "description": "The next page, or null on the last."},
                "previous": {**link, "description": "The page before, or null on the first."},
                "results": schema,
            },
        }


def _whole_number(request: Request, name: str, most: int | None) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    # Twelve digits are more pages than any table has; longer ones never reach a database.
    if text.isascii() and text.isdecimal() and len(text) <= 12 and 1 <= int(text) <= (most or int(text)):
        return int(text)
    allowed = f"from 1 to {most}" if most else "from 1"
    raise invalid([Fault.of_parameter(name, f"Give `{name}` as a whole number {allowed}.", "invalid")])


PAGING = (Pages.page_query_param, Pages.page_size_query_param)


class OnlyPages(BaseFilterBackend):
    """For lists that can be paged, but not narrowed."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        if faults := [_unknown(name, PAGING) for name in request.query_params if name not in PAGING]:
            raise invalid(faults)
        return queryset


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]  # the library has no types
    """The filters of the page; where the page would ignore what it does not know, this refuses it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filters = self.get_filterset(request, queryset, view)
        known = (*filters.filters, *PAGING)
        faults = [_unknown(name, known) for name in request.query_params if name not in known]
        faults += [_half(name) for name, value in request.query_params.items() if _holds_surrogates(str(value))]
        if not faults and not filters.is_valid():
            faults = _faults(filters)
        if faults:
            raise invalid(faults)
        return filters.qs  # type: ignore[no-any-return]


def _unknown(name: str, known: Iterable[str]) -> Fault:
    detail = f"There is no such parameter; there are: {', '.join(known)}."
    return Fault.of_parameter(name[:50], detail, "unknown-parameter")


def _holds_surrogates(value: str) -> bool:
    # From bytes that are not UTF-8 Django makes none; from a charset of the client's choice (UTF-7) it does.
    return any("\ud800" <= character <= "\udfff" for character in value)


def _half(name: str) -> Fault:
    return Fault.of_parameter(name, "Give this parameter in UTF-8.", "surrogate")


def _faults(filters: ComponentFilter) -> list[Fault]:
    return [
        Fault.of_parameter(name, _allowed(name, filters) or force_str(error.messages[0]), str(error.code or "invalid"))
        for name, errors in filters.errors.as_data().items()
        for error in errors
    ]


def _allowed(name: str, filters: ComponentFilter) -> str:
    choices = filters.filters[name].extra.get("choices")
    return f"`{name}` may be: {', '.join(str(value) for value, _ in choices)}." if choices else ""
