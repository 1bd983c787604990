"""What a bundle must pass before it may do anything, in the order that says most of one that does not."""

from collections.abc import Sequence
from pathlib import Path

from mlops.contracts import SAME_SCORE, Classification, Label
from mlops.exceptions import ContractBroken, LoadError, ModelError
from mlops.runtime import bundle as bundles
from mlops.runtime.checks import NAMES, Step
from mlops.runtime.manifest import GoldenSample
from mlops.runtime.servable import Servable
from mlops.runtime.strict_json import quoted

MOST_PROBED_SAMPLES = 25
"""Golden samples of each label that the probe is made of."""
BATCH_SIZES = (64, 7)

ODD_TEXTS = (
    "", " ", "\t\r\n", "\x00", "a\x00b", "\ud83d", "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202e\u05d0\u05d1\u05d2", "\u0645\u0635\u0646\u0648\u0639", "\u6f22\u5b57", "e\u0301\u0301\u0301", "\ufeff\u200b",
    "\uffff", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "[PAD] [UNK] [CLS] [SEP] [MASK]", "0", "-1e308",
    "NaN", "%s%n{0}",
    "a" * 10_000, "9" * 10_000, "\u00e9" * 10_000, "a " * 5_000, ". " * 5_000, " " * 10_000,
)  # fmt: skip
"""Nobody describes a component so, and all of it will be sent."""

VARIED_TEXTS = tuple(
    phrase.format(year=year, material=material, condition=condition)
    for phrase in (
        "{material} component manufactured in {year} in {condition} condition",
        "{condition} bracket, {material}, {year}",
    )
    for year in (1921, 1974, 1994, 1995, 2003, 2019, 2031)
    for material, condition in (("steel", "good"), ("plastic", "poor"), ("aluminium", "new"), ("iron", "fair"))
)
"""Plain descriptions that differ in all that regulations so far have asked after."""


class Trial:
    """The checks of one bundle, in the order they are to be made: each builds on those before."""

    def __init__(self, path: Path, digest: str, *, threads: int) -> None:
        self._path = path
        self._digest = digest
        self._threads = threads
        self._bundle: bundles.Bundle
        self._servable: Servable
        self._broken: ContractBroken | None = None

    def steps(self) -> tuple[tuple[str, Step], ...]:
        """Name and step of each check."""
        steps = (
            self._read,
            self._open,
            self._keep_contract,
            self._survive_odd_texts,
            self._differ,
            self._tell_apart,
            self._repeat_golden_samples,
            self._answer_alone_as_together,
        )
        return tuple(zip(NAMES, steps, strict=True))

    def _read(self) -> str:
        self._bundle = bundles.read(self._path, expected_digest=self._digest)
        return f"Its seven files are those of its digest: {self._bundle.bytes:,} bytes."

    def _open(self) -> str:
        try:
            self._servable = Servable.open(self._bundle, threads=self._threads)
            # Without the bytes of the model, which the session has copied.
            self._bundle = self._servable.bundle
        except ContractBroken as broken:
            self._broken = broken
        return "Tokenizer and model open."

    def _keep_contract(self) -> str:
        if self._broken is not None:
            raise self._broken
        manifest = self._bundle.manifest
        self._servable.classify(["one text", "and another"])
        return (
            f"{manifest.input.ids} and {manifest.input.mask}, int64 [batch, tokens], go in; "
            f"{manifest.output}, float32 [batch], comes out."
        )

    def _survive_odd_texts(self) -> str:
        self._servable.warm_up()
        for text in ODD_TEXTS:
            try:
                self._servable.classify([text])
            except ModelError as error:
                raise ModelError(f"It fails on the text {quoted(text)}: {error}") from error
        self._servable.classify(ODD_TEXTS)
        return f"{len(ODD_TEXTS)} odd texts, alone and together, have scores."

    def _differ(self) -> str:
        scores = [answer.score for answer in self._servable.classify(self._probe())]
        least, most = min(scores), max(scores)
        if most - least <= SAME_SCORE:
            raise LoadError(
                f"It gives {len(scores)} different texts one and the same score ({least:.6f}): it has learnt nothing."
            )
        return f"{len(scores)} texts have scores from {least:.4f} to {most:.4f}."

    def _tell_apart(self) -> str:
        answers = self._servable.classify(self._probe())
        found = sum(answer.label is Label.NON_COMPLIANT for answer in answers)
        if found in (0, len(answers)):
            raise LoadError(
                f"It calls all of {len(answers)} varied texts {answers[0].label}, though some of its golden samples "
                f"in other words are {answers[0].label.other()}."
            )
        return f"Of {len(answers)} varied texts {found} are non-compliant to it, the others compliant."

    def _repeat_golden_samples(self) -> str:
        self._servable.prove()
        return f"{len(self._bundle.golden)} golden samples have their labels, alone and together."

    def _answer_alone_as_together(self) -> str:
        texts = self._probe()
        alone = [self._servable.classify([text])[0] for text in texts]
        furthest = max(_distance(alone, self._servable.classify(texts, batch_size=size)) for size in BATCH_SIZES)
        if furthest > SAME_SCORE:
            raise LoadError(
                f"The score of a text moves by {furthest:.2g} with the texts it is labelled together with: its "
                "decisions could not be repeated. Export the model without quantisation over whole batches."
            )
        return f"{len(texts)} texts have the same scores alone and together: at most {furthest:.2g} apart."

    def _probe(self) -> list[str]:
        """Varied texts: golden samples of both labels in slightly other words, and descriptions of all sorts."""
        chosen = [
            sample.text
            for label in Label
            for sample in _spread([sample for sample in self._bundle.golden if sample.label == label])
        ]
        return [*(varied for text in chosen for varied in _in_other_words(text)), *VARIED_TEXTS]


def _in_other_words(text: str) -> tuple[str, ...]:
    backwards = " ".join(reversed(text.split()))
    return f"Component: {text}", f"{text} .", f"{text} {text}", backwards


def _spread(samples: Sequence[GoldenSample]) -> Sequence[GoldenSample]:
    """At most MOST_PROBED_SAMPLES of them, from the first to the last."""
    return samples[:: -(-len(samples) // MOST_PROBED_SAMPLES)]


def _distance(some: Sequence[Classification], others: Sequence[Classification]) -> float:
    return max(abs(one.score - other.score) for one, other in zip(some, others, strict=True))
