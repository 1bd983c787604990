"""What is told of a table whose rows may change, read as the database holds it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from audit.canonical import digest_of

SEAL = "sha256:"


@dataclass(frozen=True, slots=True)
class Watched:
    """A model, and what of it is told. Of `sealed` columns a digest is told in the place of the value."""

    model: type[models.Model]
    columns: tuple[str, ...]
    relations: tuple[str, ...]
    sealed: frozenset[str]

    @property
    def label(self) -> str:
        """The table's name in events, such as components.user."""
        return self.model._meta.label_lower

    def action(self, act: str) -> str:
        """The action of an event: `user_added` for added."""
        return f"{_snake(self.model.__name__)}_{act}"

    def key(self, pk: Any) -> str:
        """By what events name the row: a digest, where the key is a secret."""
        secret = self.model._meta.pk is not None and self.model._meta.pk.name in self.sealed
        return digest_of(str(pk))[:32] if secret else str(pk)

    def told(self, pk: Any, row: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
        """Those of the columns `names` that are watched, as an event tells of them."""
        return {
            name: self._seal(pk, name, row[name]) if name in self.sealed else row[name]
            for name in self.columns
            if name in names
        }

    def row(self, pk: Any) -> dict[str, Any]:
        """The watched columns as the database holds them; empty where there is no such row."""
        rows = self.model._base_manager.filter(pk=pk).values(*self.columns)
        if transaction.get_connection().in_atomic_block:
            # Nobody changes it between this look and the save; who only points at it does not wait.
            rows = rows.select_for_update(no_key=True)
        return dict(rows.first() or {}) if pk is not None else {}

    def rows(self, first: Any, last: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Key and all that is told of each row from the key `first` to `last`, as the database holds it."""
        related = {relation: self._related(relation, first, last) for relation in self.relations}
        for row in self.model._base_manager.filter(pk__range=(first, last)).order_by("pk").values("pk", *self.columns):
            names = {relation: sorted(found.get(row["pk"], [])) for relation, found in related.items()}
            yield self.key(row["pk"]), self.told(row["pk"], row, self.columns) | names

    def lock(self, pks: Collection[Any]) -> None:
        """Two who give a person a role at once would each tell of their own role alone."""
        if transaction.get_connection().in_atomic_block:
            rows = self.model._base_manager.filter(pk__in=pks).order_by("pk")
            list(rows.select_for_update(no_key=True).values_list("pk"))

    def names(self, pk: Any, relation: str) -> list[str]:
        """What the row is related to, in words."""
        related = getattr(self.model(pk=pk), relation)
        return sorted(_word(one) for one in related.select_related())

    def owners(self, relation: str, instance: models.Model, reverse: bool, pk_set: set[Any] | None) -> Collection[Any]:
        """The keys of the rows whose relation changes, by whichever end; `pk_set` is None where all go."""
        if not reverse:
            return [instance.pk]
        if pk_set is not None:
            return sorted(pk_set)
        return list(self.model._base_manager.filter(**{relation: instance}).values_list("pk", flat=True))

    def _related(self, relation: str, first: Any, last: Any) -> dict[Any, list[str]]:
        """`names` of all rows from `first` to `last` that are related to anything."""
        field: Any = self.model._meta.get_field(relation)
        through = field.remote_field.through
        owner = through._meta.get_field(field.m2m_field_name()).attname
        other = through._meta.get_field(field.m2m_reverse_field_name()).attname
        words = {one.pk: _word(one) for one in field.related_model._base_manager.select_related()}
        found: dict[Any, list[str]] = {}
        pairs = through._base_manager.filter(**{f"{owner}__gte": first, f"{owner}__lte": last})
        for pk, key in pairs.values_list(owner, other):
            found.setdefault(pk, []).append(words.get(key, f"{key}, which is not there"))
        return found

    def _seal(self, pk: Any, name: str, value: object) -> str:
        return SEAL + digest_of([self.label, self.key(pk), name, value])


def _snake(name: str) -> str:
    """A class's name as the beginning of an action."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _word(one: models.Model) -> str:
    """What the code calls it, where it has a name that no translation and no release changes."""
    natural = getattr(one, "natural_key", None)
    return " ".join(map(str, natural())) if natural else str(one)
