"""Every address there is, found as the server finds it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """`name` with its namespaces; of an address that has none, its route. `parameters` are to be filled in."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(_PARAMETER.findall(self.route))

    def path(self, **values: object) -> str:
        return "/" + _PARAMETER.sub(lambda found: str(values[found[1]]), self.route)

    @property
    def declared(self) -> dict[str, str]:
        """The permission that the view itself declares, by method ("*" for all of them)."""
        if permission := getattr(self.view, "permission", ""):
            return {"*": permission}
        return dict(getattr(getattr(self.view, "view_class", None), "permission_of_method", {}))


def every_address() -> list[Address]:
    return sorted(_below(get_resolver(), "", ""), key=lambda address: address.name)


def _below(resolver: URLResolver, namespace: str, route: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        # A route made of a regular expression is written like the others.
        here = route + _GROUP.sub(r"<\1>", str(pattern.pattern)).replace("^", "").replace("$", "").replace(r"\Z", "")
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace, here)
        else:
            yield Address(f"{namespace}{pattern.name}" if pattern.name else f"/{here}", here, pattern.callback)
