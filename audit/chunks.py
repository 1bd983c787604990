"""Walk through a table of any length."""

from collections.abc import Iterator
from typing import Any

from django.db import models


def keys_in_chunks(model: type[models.Model], size: int) -> Iterator[list[Any]]:
    """The keys of all rows in their order, at most `size` at once."""
    last: Any = None
    while True:
        rows = model._base_manager.order_by("pk")
        keys = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:size])
        if not keys:
            return
        yield keys
        last = keys[-1]
