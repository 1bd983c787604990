"""What the bodies of each operation must hold; what a text must be is for the model to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.api import values
from components.api.problems import Fault, invalid
from components.api.values import Check
from components.models.reviews import MAX_BESIDES
from mlops.contracts import Label

MAX_TEXTS = 256


@dataclass(frozen=True, slots=True)
class NewComponent:
    description: str
    external_id: str
    question: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "NewComponent":
        """Raises a Refusal that names every field which is missing, unknown or no text."""
        _refuse(body, {"description": values.text}, {"external_id": values.text, "question": values.note})
        return cls(body["description"], body.get("external_id", ""), body.get("question", ""))


@dataclass(frozen=True, slots=True)
class Edit:
    """Another description; `number` is that of the one which it replaces."""

    description: str
    number: int

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Edit":
        _refuse(body, {"description": values.text, "number": values.number})
        return cls(**body)


@dataclass(frozen=True, slots=True)
class NewDecision:
    lease: UUID
    outcome: str
    label: Label | None
    reason_code: str
    note: str
    number: int
    seconds: float

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "NewDecision":
        """Raises a Refusal that names every faulty field. Which of them an outcome needs is for the service to say."""
        _refuse(
            body,
            {"lease": values.lease, "outcome": values.outcome, "number": values.number, "seconds": values.seconds},
            {"label": values.label, "reason_code": values.code, "note": values.note},
        )
        return cls(
            lease=UUID(body["lease"]),
            outcome=body["outcome"],
            label=Label(body["label"]) if body.get("label") else None,
            reason_code=body.get("reason_code", ""),
            note=body.get("note", ""),
            number=body["number"],
            seconds=float(body["seconds"]),
        )


@dataclass(frozen=True, slots=True)
class SwitchOrder:
    stopped: bool
    reason: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "SwitchOrder":
        _refuse(body, {"stopped": values.truth, "reason": values.reason})
        return cls(**body)


def texts_of(body: Mapping[str, Any]) -> list[str]:
    """The texts to label. Raises a Refusal that names each faulty one by its index."""
    _refuse(body, {"texts": values.several(MAX_TEXTS)})
    texts: list[str] = body["texts"]
    _refuse_members("texts", texts, values.classifiable)
    return texts


def besides_of(body: Mapping[str, Any]) -> list[int]:
    """The reviews that whoever asks for the next one does not want."""
    _refuse(body, {}, {"besides": values.several(MAX_BESIDES, least=0)})
    besides: list[int] = body.get("besides", [])
    _refuse_members("besides", besides, values.key)
    return besides


def lease_of(body: Mapping[str, Any]) -> UUID:
    _refuse(body, {"lease": values.lease})
    return UUID(body["lease"])


def note_of(body: Mapping[str, Any], name: str) -> str:
    """The one text of a body: a question or an answer, of a length that is kept."""
    _refuse(body, {name: values.note})
    note: str = body[name]
    return note


def refuse_members(body: Mapping[str, Any]) -> None:
    """Of operations that take no body: `{}` at most."""
    _refuse(body, {})


def _refuse(
    body: Mapping[str, Any], required: Mapping[str, Check], optional: Mapping[str, Check] | None = None
) -> None:
    checks = {**required, **(optional or {})}
    faults = [*_unknown(body, tuple(checks)), *_missing(body, tuple(required))]
    for name, check in checks.items():
        if name in body and (problem := check(body[name])):
            faults.append(Fault.at(f"#/{name}", problem.sentence, problem.code))
    if faults:
        raise invalid(faults)


def _refuse_members(name: str, members: Sequence[object], check: Check) -> None:
    problems = ((index, check(member)) for index, member in enumerate(members))
    if faults := [Fault.at(f"#/{name}/{index}", found.sentence, found.code) for index, found in problems if found]:
        raise invalid(faults)


def _missing(body: Mapping[str, Any], required: Sequence[str]) -> list[Fault]:
    return [Fault.at(f"#/{name}", f"Give `{name}`.", "required") for name in required if name not in body]


def _unknown(body: Mapping[str, Any], known: Sequence[str]) -> list[Fault]:
    # Their names are not repeated: they may be of any length and hold anything.
    if set(body) <= set(known):
        return []
    allowed = f"{' and '.join(f'`{name}`' for name in known)} only" if known else "nothing"
    return [Fault.at("#", f"The body may hold {allowed}.", "unknown-field")]
