"""Values that cross the door of `mlops`: frozen, slotted, free of Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

MAX_TEXT_CHARACTERS = 10_000
"""The longest text that is taken in anywhere; what the model reads of it is the bundle's own limit."""

SAME_SCORE = 1e-6
"""Scores no further apart than this are the same: texts that share a batch move single precision by a tenth of it."""


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Why a text cannot be labelled: `code` for programs, a `sentence` that says what to do for people."""

    code: str
    sentence: str


_TOO_LONG = TextProblem("max_length", f"The text has more than {MAX_TEXT_CHARACTERS:,} characters: shorten it.")
BLANK = TextProblem("blank", "Describe the component in words: this text is blank.")
_HALF = TextProblem("surrogate", "The text holds half a character (a lone surrogate): send it as valid UTF-8.")
_NUL = TextProblem("null_characters_not_allowed", "The text holds a NUL character: remove it.")


def problem_with(text: str) -> TextProblem | None:
    """What keeps a text from being labelled and stored; None of a text that may be.

    The length is looked at first, so that a text of any length is answered at once.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        return _TOO_LONG
    if not any(character.isprintable() and not character.isspace() for character in text):
        # White space alone, or characters that print nothing, describe no component.
        return BLANK
    if holds_half_characters(text):
        return _HALF
    return _NUL if "\0" in text else None


def holds_half_characters(text: str) -> bool:
    """Whether there is a lone surrogate in the text, which no database or model can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class Label(StrEnum):
    """The two labels. In data sets and model outputs 0 is compliant and 1 is non-compliant."""

    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"

    @classmethod
    def of_score(cls, score: float, threshold: float) -> "Label":
        """The label that a score means: non-compliant from the threshold upwards."""
        return cls.NON_COMPLIANT if score >= threshold else cls.COMPLIANT

    def other(self) -> "Label":
        """The opposite label."""
        return Label.COMPLIANT if self is Label.NON_COMPLIANT else Label.NON_COMPLIANT


class Role(StrEnum):
    """What a deployed model version does with live traffic."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


class VersionState(StrEnum):
    """How far a model version has come; MEANINGS says of each what it means.

    What is not sound, not to be measured, or trained on the texts it is measured on, is rejected, and what a person
    refuses. Rejected and archived ones never come back, but for one that stood under a name that its manifest does not
    say.
    """

    REGISTERED = "registered"
    FETCHED = "fetched"
    VERIFIED = "verified"
    CANDIDATE = "candidate"
    REJECTED = "rejected"
    ARCHIVED = "archived"


MEANINGS: Final[Mapping[VersionState, str]] = MappingProxyType({
    VersionState.REGISTERED: "Known from the registry. Its files are not here, or not any more.",
    VersionState.FETCHED: "Its files are here and are what the registry said. Nothing has opened them yet.",
    VersionState.VERIFIED: "It opened, answered and passed every check in a process of its own.",
    VersionState.CANDIDATE: "Of the verified ones the best by the policy, and a step forward from the champion.",
    VersionState.REJECTED: "It is never fetched, verified, measured or chosen again.",
    VersionState.ARCHIVED: "It is put away: never fetched, verified, measured or chosen again.",
})  # fmt: skip

PASSED: Final = (VersionState.VERIFIED, VersionState.CANDIDATE)
"""The states of versions that passed every check: these may be opened, measured and deployed."""
ENDED: Final = (VersionState.REJECTED, VersionState.ARCHIVED)
"""The states of versions whose way ended: these are never fetched, verified, measured or chosen again."""

STEPS: Mapping[VersionState, frozenset[VersionState]] = MappingProxyType({
    VersionState.REGISTERED: frozenset({VersionState.FETCHED, VersionState.REJECTED, VersionState.ARCHIVED}),
    VersionState.FETCHED: frozenset({
        VersionState.REGISTERED, VersionState.VERIFIED, VersionState.REJECTED, VersionState.ARCHIVED,
    }),
    VersionState.VERIFIED: frozenset({
        VersionState.REGISTERED, VersionState.CANDIDATE, VersionState.REJECTED, VersionState.ARCHIVED,
    }),
    VersionState.CANDIDATE: frozenset({
        VersionState.REGISTERED, VersionState.VERIFIED, VersionState.REJECTED, VersionState.ARCHIVED,
    }),
    VersionState.REJECTED: frozenset(),
    VersionState.ARCHIVED: frozenset(),
})  # fmt: skip
"""Which states can follow each. Back to registered: its files were lost here, or made room for others."""


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


LedgerRow = tuple[str, int, str]
"""Ledger, key and digest of a row that was written, as the audit's `record` takes them among its `rows`."""


@dataclass(frozen=True, slots=True)
class LabelResult:
    """A classification that has been recorded as the prediction `prediction_id`, the row `row`."""

    prediction_id: int
    classification: Classification
    row: LedgerRow


@dataclass(frozen=True, slots=True)
class FeedbackRecord:
    """A person's truth for a prediction, recorded as the feedback `feedback_id`, the row `row`.

    `inclusion_probability` is the one that the prediction was sampled with; None where it was looked at for another
    reason, which counts in no estimate.
    """

    feedback_id: int
    prediction_id: int
    label: Label
    regulation: str
    blind: bool
    inclusion_probability: float | None
    row: LedgerRow


@dataclass(frozen=True, slots=True)
class RetractionRecord:
    """The feedback `feedback_id` was taken back, by `retraction_id`, the row `row`."""

    retraction_id: int
    feedback_id: int
    prediction_id: int
    row: LedgerRow


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one word did to the score. The word is text[start:stop] of the text as given.

    `weight` is the score of the whole less the score without the word, in [-1, 1]; `log_odds` is the same difference
    of log odds, ln(score / (1 - score)), which still tells words apart where the score is so near to 0 or 1 that one
    word does not move it. Above 0 the word speaks for non-compliant, below 0 for compliant.
    """

    start: int
    stop: int
    weight: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words of a prediction's text, in their order, with what each did to the `score`.

    The model read text[:read_to] and nothing after it. Offsets count characters (code points).
    """

    prediction_id: int
    model_version: str
    text: str
    score: float
    read_to: int
    words: tuple[WordWeight, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What the archived bundle says today of a prediction's text, beside what was recorded then."""

    prediction_id: int
    model_version: str
    model_digest: str
    label: Label
    score: float
    replayed_label: Label
    replayed_score: float

    @property
    def difference(self) -> float:
        """Replayed score less recorded score."""
        return self.replayed_score - self.score

    @property
    def equal(self) -> bool:
        """Whether the label is the same, and the scores no further apart than SAME_SCORE."""
        return self.label == self.replayed_label and abs(self.difference) <= SAME_SCORE


class Cause(Enum):
    """Why a process does not serve what it should."""

    NOT_STARTED = "nothing has been loaded yet"
    NO_CHAMPION = "no champion is deployed"
    NOT_KNOWN = "what should be serving cannot be found out"
    NOT_LOADED = "the champion cannot be loaded"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model card of a registered version, in Markdown.

    `manifest` is the bundle's manifest to the byte: its SHA-256 is the `digest`, and it holds that of the card. Empty
    where it cannot be had to the byte.
    """

    model_version: str
    digest: str
    text: str
    manifest: bytes


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """What this process serves.

    `problem` says in one sentence why nothing serves, or why the deployed champion could not be loaded while the
    version before serves on; it is empty where all is well. It may name files of this machine: show it to staff only.
    `cause` says the same for programs; None where all is well.
    """

    serving: bool
    model_version: str
    model_digest: str
    problem: str
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class RegistryStatus:
    """How it stands with the registry of model versions, by the looks that are remembered.

    `kind` is local, azureml or mlflow, empty before the first look. `problem` says why it cannot be read since
    `lost_since`; both are empty where it can. `versions` counts the versions that are known here by their state.
    """

    kind: str
    problem: str
    lost_since: datetime | None
    last_complete: datetime | None
    versions: Mapping[VersionState, int]
