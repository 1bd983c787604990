"""THE DOOR of the model platform: texts in, labels out, frozen values only."""

from collections.abc import Sequence

from mlops.contracts import Classification, LabelResult, ServingStatus
from mlops.services import labeling, serving


def start() -> None:
    """Load the champion and begin to follow the deployments, in this process, before anything is asked of it.

    Never raises; where nothing can be loaded, `status` says why. What is asked first starts it too, but waits for it.
    """
    serving.start()


def classify(texts: Sequence[str]) -> list[Classification]:
    """What the champion says of each text, in their order; nothing is recorded. Raises NotServing."""
    return labeling.classify(texts)


def record(classifications: Sequence[Classification]) -> list[LabelResult]:
    """Write a prediction for each classification, inside the transaction of the caller."""
    return labeling.record(classifications)


def label(texts: Sequence[str]) -> list[LabelResult]:
    """Classify each text and record it as a prediction. Raises NotServing, and then nothing is recorded."""
    return labeling.label(texts)


def is_serving() -> bool:
    """Whether this process can label now."""
    return serving.status().serving


def status() -> ServingStatus:
    """What this process serves, or why it does not."""
    return serving.status()
