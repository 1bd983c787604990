"""Events for tables that may be changed, whatever way the change comes by: a form, the admin, a service, a shell.

`QuerySet.update`, the bulk operations and raw SQL send no signals: code of ours does not use them on a watched table,
and `audit.following` finds who did.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from audit.context import whence
from audit.services import append
from audit.watched import Watched

# Never written, whoever forgets to say so.
SECRETS = frozenset({"password", "digest", "token_key", "session_key", "session_data", "secret"})
_HELD = "_audit_held"

_tables: dict[type[models.Model], Watched] = {}
_relations: dict[type[models.Model], tuple[Watched, str]] = {}
_saved_together: set[type[models.Model]] = set()
_set_together: set[type[models.Model]] = set()


def watch(model: type[models.Model], *, fields: Collection[str], sealed: Collection[str] = ()) -> None:
    """Write an event for every save, deletion and change of a relation of this model that alters one of `fields`.

    `fields` name columns and many-to-many relations. Of those in `sealed`, which are long or secret, and of all that
    are called password, digest and the like, an event tells a digest and nothing more: a secret that could be guessed
    is not for a watched column. A row whose key is secret is named by a digest of it. The row and its event are kept
    or gone together. Who did it is the person of the request, if there is one. To watch a model again replaces what is
    told of it.
    """
    relations = tuple(sorted({field.name for field in model._meta.many_to_many} & set(fields)))
    columns = tuple(field.attname for field in model._meta.concrete_fields if field.name in fields)
    if unknown := set(fields) - {field.name for field in model._meta.concrete_fields} - set(relations):
        raise ValueError(f"{model.__name__} has no columns of its own or relations {', '.join(sorted(unknown))}.")
    watched = Watched(model, columns, relations, SECRETS | frozenset(sealed))
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
        _set_in_one(getattr(model, relation).related_manager_cls, through)
        _watch_words(model, relation)
    _save_in_a_transaction(model)


def columns_of(model: type[models.Model], *, but: Collection[str] = ()) -> list[str]:
    """All columns of a model but its key, what the database computes, and `but`."""
    plain = (field for field in model._meta.concrete_fields if not field.primary_key and not field.generated)
    return [field.name for field in plain if field.name not in but]


def watched_tables() -> Mapping[str, Watched]:
    """What is watched, by the labels of the tables, such as components.user."""
    return {watched.label: watched for watched in _tables.values()}


def _before_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        _hold(instance, "row", watched.row(instance.pk))


def _after_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if not (watched := _tables.get(sender)):
        return
    pk = instance.pk
    before, after = _let_go(instance, "row"), watched.row(pk)
    if not before:
        _write(watched, "added", pk, {}, watched.told(pk, after, after))
        return
    changed = {name for name in after if before[name] != after[name]}
    if changed:
        _write(watched, "changed", pk, watched.told(pk, before, changed), watched.told(pk, after, changed))


def _before_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        row = watched.row(instance.pk)
        names = {name: watched.names(instance.pk, name) for name in watched.relations}
        _hold(instance, "row", watched.told(instance.pk, row, row) | names)


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if watched := _tables.get(sender):
        _write(watched, "deleted", instance.pk, _let_go(instance, "row"), {})


def _relation_changes(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    reverse: bool,
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    if sender not in _relations:
        return
    watched, relation = _relations[sender]
    if _in_one(relation) in instance.__dict__.get(_HELD, {}):
        return
    if action.startswith("pre_"):
        # The keys of the watched rows: group.user_set.add(user) changes the user's groups.
        owners = watched.owners(relation, instance, reverse, pk_set)
        watched.lock(owners)
        _hold(instance, relation, {owner: watched.names(owner, relation) for owner in owners})
        return
    for owner, before in _let_go(instance, relation).items():
        _write_relation(watched, relation, owner, before)


def _watch_words(model: type[models.Model], relation: str) -> None:
    """Tell of the rows of a relation, too, when what they are related to is called otherwise or is deleted."""
    related: Any = model._meta.get_field(relation).related_model
    for signal, receiver in (
        (pre_save, _before_words_change),
        (pre_delete, _before_words_change),
        (post_save, _after_words_changed),
        (post_delete, _after_words_changed),
    ):
        signal.connect(receiver, sender=related, dispatch_uid=f"{__name__}: words")
    _save_in_a_transaction(related)


def _in_words_of(sender: type[models.Model]) -> Iterator[tuple[Watched, str, str]]:
    """The watched relations to this model, each with the name under which what it was is held."""
    for watched, relation in _relations.values():
        if watched.model._meta.get_field(relation).related_model is sender:
            yield watched, relation, f"{relation} of {watched.label}"


def _before_words_change(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    for watched, relation, held in _in_words_of(sender):
        owners = watched.owners(relation, instance, True, None) if instance.pk is not None else ()
        watched.lock(owners)
        _hold(instance, held, {owner: watched.names(owner, relation) for owner in owners})


def _after_words_changed(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    for watched, relation, held in _in_words_of(sender):
        for owner, before in _let_go(instance, held).items():
            _write_relation(watched, relation, owner, before)


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


def _set_in_one(manager: Any, through: type[models.Model]) -> None:
    """`set` removes and then adds: one act, of which one event is to tell."""
    if through in _set_together:
        return
    _set_together.add(through)
    set_all = manager.set

    @wraps(set_all)
    def set_in_one(self: Any, objs: Iterable[Any], **options: Any) -> None:
        if through not in _relations:
            set_all(self, objs, **options)
            return
        watched, relation = _relations[through]
        with transaction.atomic(savepoint=False), _told_once(watched, relation, self.instance):
            set_all(self, objs, **options)

    manager.set = set_in_one


@contextmanager
def _told_once(watched: Watched, relation: str, instance: models.Model) -> Iterator[None]:
    """Have all that is done to a row's relation within be told by one event."""
    watched.lock([instance.pk])
    before = watched.names(instance.pk, relation)
    _hold(instance, _in_one(relation), {})
    try:
        yield
    finally:
        _let_go(instance, _in_one(relation))
    _write_relation(watched, relation, instance.pk, before)


def _in_one(relation: str) -> str:
    return f"all of {relation}"


def _write_relation(watched: Watched, relation: str, pk: Any, before: list[str]) -> None:
    after = watched.names(pk, relation)
    if before != after:
        _write(watched, f"{relation}_changed", pk, {relation: before}, {relation: after})


def _write(watched: Watched, act: str, pk: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    with transaction.atomic():
        append(
            watched.action(act),
            by=whence().person(),
            subject_type=watched.label,
            subject_id=watched.key(pk),
            before=before,
            after=after,
            rows={},
        )


def _hold(instance: models.Model, name: str, value: dict[Any, Any]) -> None:
    instance.__dict__.setdefault(_HELD, {})[name] = value


def _let_go(instance: models.Model, name: str) -> dict[Any, Any]:
    held: dict[Any, Any] = instance.__dict__[_HELD].pop(name)
    return held
