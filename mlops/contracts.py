"""Values that cross the door of `mlops`: frozen, slotted, free of Django."""

from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT_CHARACTERS = 10_000
"""The longest text that is taken in anywhere; what the model reads of it is the bundle's own limit."""


class Label(StrEnum):
    """The two labels. In data sets and model outputs 0 is compliant and 1 is non-compliant."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"

    @classmethod
    def of_score(cls, score: float, threshold: float) -> "Label":
        """The label that a score means: non-compliant from the threshold upwards."""
        return cls.NON_COMPLIANT if score >= threshold else cls.COMPLIANT

    @classmethod
    def of_digit(cls, digit: int) -> "Label":
        """The label that a data set writes as 0 or 1."""
        return (cls.COMPLIANT, cls.NON_COMPLIANT)[digit]


class Role(StrEnum):
    """What a deployed model version does with live traffic."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


@dataclass(frozen=True, slots=True)
class Classification:
    """One text as one model version judged it; not recorded anywhere.

    `score` is the calibrated probability of non-compliant, in [0, 1]. `text_seen` is the text
    after the tokenizer's normalisation and, where `truncated`, cut to the model's limit.
    `latency_ms` is the time of the batch the text was in, divided by the texts in it.
    """

    text: str
    label: Label
    score: float
    threshold: float
    model_version: str
    model_digest: str
    text_seen: str
    truncated: bool
    latency_ms: float


@dataclass(frozen=True, slots=True)
class LabelResult:
    """A classification that has been recorded as the prediction `prediction_id`."""

    prediction_id: int
    classification: Classification


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """What this process serves.

    `problem` says in one sentence why nothing serves, or why the deployed champion could not be loaded while the
    version before serves on; it is empty where all is well. It may name files of this machine: show it to staff only.
    """

    serving: bool
    model_version: str
    model_digest: str
    problem: str
