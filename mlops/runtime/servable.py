"""A model version loaded in memory, proven on its golden samples and ready to classify."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlops.contracts import Classification, Label
from mlops.exceptions import LoadError, ModelError
from mlops.runtime.bundle import Bundle
from mlops.runtime.manifest import Calibration
from mlops.runtime.occlusion import Occlusion, occlude
from mlops.runtime.reader import Reader, Reading
from mlops.runtime.session import Session
from mlops.runtime.strict_json import quoted

BATCH_SIZE = 64
MOST_FILLING, LEAST_TOKENS = 0.05, 2
"""A batch takes in texts that are longer than its shortest by this share, or by this many tokens where that is more.

On a processor, what is computed for filling costs more than the runs of a few smaller batches.
"""

WARM_UP_TEXTS = ("", " ", "\x00", "\U0010fffd \U0001f600 \u202e\u05d0 \u6f22\u5b57")
"""No tokenizer knows all of these characters; each must have a way to write them."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Servable:
    """Tokenizer, session, calibration and threshold of one model version. Immutable and thread-safe.

    `bundle` is what was loaded, without the bytes of model and tokenizer, which the session holds by now.
    """

    bundle: Bundle
    _reader: Reader
    _session: Session

    @classmethod
    def load(cls, bundle: Bundle, *, threads: int = 1) -> "Servable":
        """Open, warm up and prove a bundle.

        `threads` is how many cores one batch may take. Raises LoadError where the bundle does not open, does not
        fit its manifest, fails on any token of its vocabulary or at its full length, or gives a golden sample
        another label than expected, alone or in a batch.
        """
        servable = cls.open(bundle, threads=threads)
        try:
            servable.warm_up()
            servable.prove()
        except LoadError:
            raise
        except ModelError as error:
            raise LoadError(f"{bundle.model_version} fails its warm-up: {error}") from error
        return servable

    @classmethod
    def open(cls, bundle: Bundle, *, threads: int = 1) -> "Servable":
        """A servable that nothing is proven of yet, but that it opens and has the inputs and outputs of its manifest.

        Raises ContractBroken where it has others, LoadError where it does not open.
        """
        reader = Reader.parse(bundle.tokenizer, max_tokens=bundle.manifest.input.max_tokens)
        session = Session.open(bundle, threads=threads)
        return cls(replace(bundle, model=b"", tokenizer=b""), reader, session)

    @property
    def model_version(self) -> str:
        """Name and version as they are written everywhere: "name:version"."""
        return self.bundle.model_version

    @property
    def digest(self) -> str:
        """The digest of the bundle that was loaded."""
        return self.bundle.digest

    def classify(self, texts: Sequence[str], *, batch_size: int = BATCH_SIZE) -> list[Classification]:
        """What the model says of each text, in their order. Takes any str; raises ModelError where the model fails.

        The latency of a text is its share of tokenising all of them plus its share of its batch.
        """
        if not texts:
            return []
        start = time.perf_counter()
        readings = self._reader.read(texts)
        reading_ms = _milliseconds_since(start) / len(texts)
        answers: dict[int, Classification] = {}
        for batch in plan_batches([len(reading.ids) for reading in readings], batch_size):
            start = time.perf_counter()
            scores = self._scores([readings[index].ids for index in batch])
            latency_ms = reading_ms + _milliseconds_since(start) / len(batch)
            for index, score in zip(batch, scores, strict=True):
                answers[index] = self._classification(texts[index], readings[index], score, latency_ms)
        return [answers[index] for index in range(len(texts))]

    def occlude(self, text: str) -> Occlusion:
        """What each word of the text does to its score; raises ModelError where the model fails."""
        return occlude(text, reader=self._reader, score=self._scores)

    def _scores(self, rows: Sequence[Sequence[int]]) -> list[float]:
        calibration = self.bundle.manifest.calibration
        logits: list[float] = self._session.logits(rows, pad_id=self._reader.pad_id).tolist()
        return [_score(logit, calibration) for logit in logits]

    def _classification(self, text: str, reading: Reading, score: float, latency_ms: float) -> Classification:
        manifest = self.bundle.manifest
        return Classification(
            text=text,
            label=Label.of_score(score, manifest.threshold),
            score=score,
            threshold=manifest.threshold,
            model_version=manifest.model_version,
            model_digest=self.bundle.digest,
            text_seen=reading.text_seen,
            truncated=reading.truncated,
            latency_ms=latency_ms,
        )

    def warm_up(self) -> None:
        """Run odd texts, and the longest row there can be, from the first id of the vocabulary to the last.

        Raises ModelError where the model fails on them.
        """
        self.classify(WARM_UP_TEXTS)
        spread = np.linspace(0, self._reader.largest_id, self._reader.max_tokens, dtype=np.int64)
        self._scores([spread.tolist(), [self._reader.pad_id]])

    def prove(self) -> None:
        """Raise LoadError unless every golden sample has its label, alone and in a batch; ModelError where it fails."""
        golden = self.bundle.golden
        texts = [sample.text for sample in golden]
        alone = [self.classify([text])[0] for text in texts]
        together = self.classify(texts)
        for sample, *answers in zip(golden, alone, together, strict=True):
            for answer in answers:
                if answer.label != sample.label:
                    raise LoadError(
                        f"{self.model_version} calls the golden sample {quoted(sample.text)} ({quoted(sample.kind)}) "
                        f"{answer.label} (score {answer.score:.4f}), where {sample.label} is right. Do not deploy it."
                    )


def plan_batches(lengths: Sequence[int], batch_size: int) -> list[list[int]]:
    """Indexes of texts of about the same length together, shortest first; every index once."""
    batches: list[list[int]] = []
    limit = -1.0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if lengths[index] > limit or len(batches[-1]) >= batch_size:
            batches.append([])
            limit = lengths[index] + max(lengths[index] * MOST_FILLING, LEAST_TOKENS)
        batches[-1].append(index)
    return batches


def _score(logit: float, calibration: Calibration) -> float:
    """The sigmoid of the calibrated logit, without overflow at either end."""
    value = calibration.scale * logit + calibration.offset
    if not math.isfinite(value):
        raise ModelError(f"The model answered {logit}, which is no score.")
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    small = math.exp(value)
    return small / (1 + small)


def _milliseconds_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
