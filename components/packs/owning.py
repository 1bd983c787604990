"""Whose the rows of ledgers are: asked for where an event does not say what it is about."""

from collections.abc import Iterable, Mapping

from django.db.models import Model

from components.models import Answer, Claim, Decision, Description, Label, Route
from components.packs.reading import owned

Named = dict[str, set[int]]
"""Rows by ledger and key."""

_OWNERS: Mapping[str, tuple[type[Model], str, str]] = {
    "components.answer": (Answer, "pk", "question__component_id"),
    "components.claim": (Claim, "pk", "review__component_id"),
    "components.decision": (Decision, "pk", "component_id"),
    "components.description": (Description, "pk", "component_id"),
    "components.label": (Label, "pk", "component_id"),
    "components.route": (Route, "pk", "review__component_id"),
    "mlops.feedback": (Decision, "feedback_id", "component_id"),
    "mlops.prediction": (Label, "prediction_id", "component_id"),
}


def components_of(label: str, keys: Iterable[int]) -> dict[int, int]:
    """By key of a row the component that it belongs to; without rows that belong to none. Raises Unreadable."""
    if label not in _OWNERS:
        return {}
    model, key, component = _OWNERS[label]
    return dict(owned(model._base_manager.all(), key, sorted(keys), component))
