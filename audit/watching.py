"""Events for tables that may be changed, whatever way the change comes by: a form, the admin, a service, a shell.

`QuerySet.update`, the bulk operations and raw SQL send no signals: code of ours does not use them on a watched table.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from audit.canonical import digest_of
from audit.context import whence
from audit.services import append

# Never written, whoever forgets to say so.
SECRETS = frozenset({"password", "digest", "token_key", "session_key", "session_data", "secret"})
CHANGED = "changed"
_HELD = "_audit_held"


@dataclass(frozen=True, slots=True)
class _Watched:
    """A model, and what of it is told. Its methods say what to do at each signal of the model."""

    model: type[models.Model]
    columns: tuple[str, ...]
    relations: tuple[str, ...]
    secrets: frozenset[str]

    def before_save(self, instance: models.Model) -> None:
        _hold(instance, "row", self.row(instance.pk))

    def after_save(self, instance: models.Model) -> None:
        before, after = _let_go(instance, "row"), self.row(instance.pk)
        if not before:
            self.write("added", instance.pk, {}, self.told(after, after))
            return
        changed = {name for name in after if before[name] != after[name]}
        if changed:
            news = self.told(after, changed) | dict.fromkeys(sorted(changed & self.secrets), CHANGED)
            self.write("changed", instance.pk, self.told(before, changed), news)

    def before_delete(self, instance: models.Model) -> None:
        row = self.row(instance.pk)
        _hold(instance, "row", self.told(row, row) | {name: self.names(instance.pk, name) for name in self.relations})

    def after_delete(self, instance: models.Model) -> None:
        self.write("deleted", instance.pk, _let_go(instance, "row"), {})

    def relation_changes(self, relation: str, instance: models.Model, action: str, owners: Iterable[Any]) -> None:
        """`owners` are the keys of the watched rows: group.user_set.add(user) changes the user's groups."""
        if action.startswith("pre_"):
            _hold(instance, relation, {owner: self.names(owner, relation) for owner in owners})
            return
        for owner, before in _let_go(instance, relation).items():
            after = self.names(owner, relation)
            if before != after:
                self.write(f"{relation}_changed", owner, {relation: before}, {relation: after})

    def owners(self, relation: str, instance: models.Model, reverse: bool, pk_set: set[Any] | None) -> Iterable[Any]:
        """The keys of the rows whose relation changes, by whichever end; `pk_set` is None where all go."""
        if not reverse:
            return [instance.pk]
        if pk_set is not None:
            return sorted(pk_set)
        return list(self.model._base_manager.filter(**{relation: instance}).values_list("pk", flat=True))

    def row(self, pk: Any) -> dict[str, Any]:
        """The watched columns as the database holds them; empty where there is no such row."""
        rows = self.model._base_manager.filter(pk=pk).values(*self.columns)
        if transaction.get_connection().in_atomic_block:
            # Nobody changes it between this look and the save.
            rows = rows.select_for_update()
        return dict(rows.first() or {}) if pk is not None else {}

    def names(self, pk: Any, relation: str) -> list[str]:
        """What the row is related to, in words."""
        related = getattr(self.model(pk=pk), relation)
        return sorted(str(one) for one in related.select_related())

    def told(self, row: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
        return {name: row[name] for name in self.columns if name in names and name not in self.secrets}

    def write(self, act: str, pk: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
        key = str(pk)
        if self.model._meta.pk is not None and self.model._meta.pk.name in self.secrets:
            key = digest_of(key)[:32]
        with transaction.atomic():
            append(
                f"{_snake(self.model.__name__)}_{act}",
                by=whence().person(),
                subject_type=self.model._meta.label_lower,
                subject_id=key,
                before=before,
                after=after,
                rows={},
            )


_tables: dict[type[models.Model], _Watched] = {}
_relations: dict[type[models.Model], tuple[_Watched, str]] = {}
_saved_together: set[type[models.Model]] = set()


def watch(model: type[models.Model], *, fields: Collection[str], secret: Collection[str] = ()) -> None:
    """Write an event for every save, deletion and change of a relation of this model that alters one of `fields`.

    `fields` name columns and many-to-many relations. Of those in `secret`, and of all that are called password, digest
    and the like, an event says that they changed and nothing more; a row whose key is secret is named by a digest of
    it. The row and its event are kept or gone together. Who did it is the person of the request, if there is one.
    To watch a model again replaces what is told of it.
    """
    relations = tuple(sorted({field.name for field in model._meta.many_to_many} & set(fields)))
    columns = tuple(field.attname for field in model._meta.concrete_fields if field.name in fields)
    if unknown := set(fields) - {field.name for field in model._meta.concrete_fields} - set(relations):
        raise ValueError(f"{model.__name__} has no columns of its own or relations {', '.join(sorted(unknown))}.")
    watched = _Watched(model, columns, relations, SECRETS | frozenset(secret))
    _tables[model] = watched
    for signal, receiver in (
        (pre_save, _before_save),
        (post_save, _after_save),
        (pre_delete, _before_delete),
        (post_delete, _after_delete),
    ):
        signal.connect(receiver, sender=model, dispatch_uid=__name__)
    for relation in relations:
        through = getattr(model, relation).through
        _relations[through] = (watched, relation)
        m2m_changed.connect(_relation_changes, sender=through, dispatch_uid=__name__)
    _save_in_a_transaction(model)


def _before_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        watched.before_save(instance)


def _after_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        watched.after_save(instance)


def _before_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        watched.before_delete(instance)


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        watched.after_delete(instance)


def _relation_changes(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    reverse: bool,
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    if sender in _relations:
        watched, relation = _relations[sender]
        owners = watched.owners(relation, instance, reverse, pk_set)
        watched.relation_changes(relation, instance, action, owners)


def _save_in_a_transaction(model: type[models.Model]) -> None:
    """Django sends post_save after the transaction of a save has ended: an event could be lost between."""
    if model in _saved_together:
        return
    _saved_together.add(model)
    save_base = model.save_base

    @wraps(save_base)
    def save_together(self: models.Model, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            save_base(self, *args, **kwargs)

    model.save_base = save_together  # type: ignore[method-assign]


def _hold(instance: models.Model, name: str, value: dict[Any, Any]) -> None:
    instance.__dict__.setdefault(_HELD, {})[name] = value


def _let_go(instance: models.Model, name: str) -> dict[Any, Any]:
    held: dict[Any, Any] = instance.__dict__[_HELD].pop(name)
    return held


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
