"""What the bodies of each operation must hold; what a text must be is for the model to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.api.problems import Fault, invalid
from mlops.contracts import problem_with

MAX_TEXTS = 256


@dataclass(frozen=True, slots=True)
class NewComponent:
    description: str
    external_id: str

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "NewComponent":
        """Raises a Refusal that names every field which is missing, unknown or no text."""
        faults = [*_unknown(body, ("description", "external_id")), *_missing(body, ("description",))]
        asked = {name: body.get(name, "") for name in ("description", "external_id")}
        faults += [_not_a_text(f"#/{name}") for name, value in asked.items() if not isinstance(value, str)]
        if faults:
            raise invalid(faults)
        return cls(**asked)


def texts_of(body: Mapping[str, Any]) -> list[str]:
    """The texts to label. Raises a Refusal that names each faulty one by its index."""
    faults = [*_unknown(body, ("texts",)), *_missing(body, ("texts",))]
    if faults:
        raise invalid(faults)
    texts = body["texts"]
    if not isinstance(texts, list):
        raise invalid([Fault.at("#/texts", "Give `texts` as a list of texts.", "not-a-list")])
    if not 1 <= len(texts) <= MAX_TEXTS:
        detail = f"Give 1 to {MAX_TEXTS} texts at a time: these are {len(texts)}."
        raise invalid([Fault.at("#/texts", detail, "count")])
    faults = [fault for index, text in enumerate(texts) for fault in _faults_of_text(text, f"#/texts/{index}")]
    if faults:
        raise invalid(faults)
    return texts


def _faults_of_text(text: object, pointer: str) -> list[Fault]:
    if not isinstance(text, str):
        return [_not_a_text(pointer)]
    problem = problem_with(text)
    return [Fault.at(pointer, problem.sentence, problem.code)] if problem else []


def _not_a_text(pointer: str) -> Fault:
    return Fault.at(pointer, "Give a text: a JSON string.", "not-a-text")


def _missing(body: Mapping[str, Any], required: Sequence[str]) -> list[Fault]:
    return [Fault.at(f"#/{name}", f"Give `{name}`.", "required") for name in required if name not in body]


def _unknown(body: Mapping[str, Any], known: Sequence[str]) -> list[Fault]:
    # Their names are not repeated: they may be of any length and hold anything.
    if set(body) <= set(known):
        return []
    return [Fault.at("#", f"The body may hold {' and '.join(f'`{name}`' for name in known)} only.", "unknown-field")]
