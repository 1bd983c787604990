"""What a bundle says about itself: its manifest and its golden samples, as typed values."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from mlops.contracts import Label
from mlops.exceptions import UnsupportedFormat
from mlops.runtime.strict_json import (
    corrupt,
    instant,
    integer,
    mapping,
    matching,
    number,
    parse_object,
    quoted,
    require_keys,
    text,
)

FORMAT = 1
PAYLOAD = ("model.onnx", "tokenizer.json", "golden.json", "reference.json", "card.md")
LABELS = (Label.COMPLIANT, Label.NON_COMPLIANT)
CALIBRATION_METHOD = "platt"
FEWEST_TOKENS, MOST_TOKENS = 8, 4096
MOST_GOLDEN = 1_000
"""Every load runs each golden sample twice, while a process that starts makes its first requests wait."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What a model, and a data set, may be called."""
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""What a bundle, and the file of a data set, is known by."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = frozenset({
    "format", "name", "version", "created_at", "labels", "input", "output", "calibration", "threshold", "regulation",
    "metrics", "lineage", "files",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelInput:
    """Names of the two int64 inputs [batch, tokens], and the most tokens the model reads of one text."""

    ids: str
    mask: str
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: score = sigmoid(scale * logit + offset), where scale is above 0."""

    scale: float
    offset: float


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Digest (64 hexadecimal digits) and size of one file of the bundle."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Format 1. `labels` are in the order of the digits that data sets write; `created_at` knows its time zone."""

    format: int
    name: str
    version: str
    created_at: datetime
    labels: tuple[Label, Label]
    input: ModelInput
    output: str
    calibration: Calibration
    threshold: float
    regulation: str
    metrics: dict[str, object]
    lineage: dict[str, object]
    files: dict[str, FileEntry]

    @property
    def model_version(self) -> str:
        """Name and version as they are written everywhere: "name:version"."""
        return f"{self.name}:{self.version}"

    def as_json(self) -> dict[str, object]:
        """The fields as manifest.json holds them, made of JSON's own types."""
        fields = asdict(self)
        fields["created_at"] = self.created_at.isoformat().replace("+00:00", "Z")
        fields["labels"] = [label.value for label in self.labels]
        fields["calibration"] = {"method": CALIBRATION_METHOD, **fields["calibration"]}
        return fields


@dataclass(frozen=True, slots=True)
class GoldenSample:
    """A text that every release of the model must give `label`; `score` is what the packed model said."""

    text: str
    label: Label
    kind: str
    score: float


def parse_manifest(content: bytes, *, source: str = "manifest.json") -> Manifest:
    """Typed manifest; raises UnsupportedFormat for a newer format and ArtifactCorrupt for a wrong one."""
    fields = parse_object(source, content)
    _require_format(source, fields)
    require_keys(source, fields, _FIELDS)
    require_storable(source, fields)
    if fields["labels"] != list(LABELS):
        raise corrupt(source, f"must have labels {[label.value for label in LABELS]}, in this order")
    threshold = number(source, fields["threshold"], "threshold")
    if not 0 < threshold < 1:
        raise corrupt(source, f"must have a threshold between 0 and 1, not {threshold:g}")
    return Manifest(
        format=FORMAT,
        name=matching(source, fields["name"], "name", NAME),
        version=matching(source, fields["version"], "version", VERSION),
        created_at=instant(source, fields["created_at"], "created_at"),
        labels=LABELS,
        input=_input(source, fields["input"]),
        output=text(source, fields["output"], "output"),
        calibration=_calibration(source, fields["calibration"]),
        threshold=threshold,
        regulation=text(source, fields["regulation"], "regulation"),
        metrics=mapping(source, fields["metrics"], "metrics"),
        lineage=mapping(source, fields["lineage"], "lineage"),
        files=_files(source, fields["files"]),
    )


def parse_golden(content: bytes, *, source: str = "golden.json") -> tuple[GoldenSample, ...]:
    """The golden samples: MOST_GOLDEN at most, and one of each label at least.

    A model that never changes its mind would pass samples of one label.
    """
    fields = parse_object(source, content)
    require_keys(source, fields, {"samples"})
    entries = fields["samples"]
    if not isinstance(entries, list):
        raise corrupt(source, "must have a list at samples")
    if len(entries) > MOST_GOLDEN:
        raise corrupt(source, f"has {len(entries)} samples, more than the {MOST_GOLDEN} it may have")
    samples = tuple(_golden(source, entry, f"samples[{index}]") for index, entry in enumerate(entries))
    if missing := set(LABELS) - {sample.label for sample in samples}:
        raise corrupt(source, f"has no sample that is {' or '.join(sorted(missing))}")
    return samples


def _require_format(source: str, fields: Mapping[str, object]) -> None:
    found = integer(source, fields.get("format"), "format")
    if found > FORMAT:
        raise UnsupportedFormat(
            f"{source} is of format {found} and this release reads format {FORMAT}: upgrade the application."
        )
    if found != FORMAT:
        raise corrupt(source, f"is of format {found}, which never was")


def require_storable(source: str, fields: Mapping[str, object]) -> None:
    """Raise ArtifactCorrupt for a NUL or half a character: JSON may hold them, but no database takes them."""
    for written in _texts_in(fields):
        if "\0" in written:
            raise corrupt(source, "holds a NUL")
        try:
            written.encode("utf-8")
        except UnicodeEncodeError as error:
            raise corrupt(source, "holds half a character") from error


def _texts_in(fields: Mapping[str, object]) -> Iterator[str]:
    """Every string of a JSON object, the names in it too."""
    waiting: list[object] = [fields]
    while waiting:
        match waiting.pop():
            case str(written):
                yield written
            case dict(members):
                waiting += [*members, *members.values()]
            case list(items):
                waiting += items


def _input(source: str, value: object) -> ModelInput:
    fields = mapping(source, value, "input")
    require_keys(source, fields, {"ids", "mask", "max_tokens"}, where="input")
    most = integer(source, fields["max_tokens"], "input.max_tokens")
    if not FEWEST_TOKENS <= most <= MOST_TOKENS:
        raise corrupt(source, f"must have input.max_tokens from {FEWEST_TOKENS} to {MOST_TOKENS}, not {most}")
    return ModelInput(
        ids=text(source, fields["ids"], "input.ids"), mask=text(source, fields["mask"], "input.mask"), max_tokens=most
    )


def _calibration(source: str, value: object) -> Calibration:
    fields = mapping(source, value, "calibration")
    require_keys(source, fields, {"method", "scale", "offset"}, where="calibration")
    if fields["method"] != CALIBRATION_METHOD:
        raise corrupt(source, f"must have calibration.method {CALIBRATION_METHOD!r}")
    scale = number(source, fields["scale"], "calibration.scale")
    if scale <= 0:
        raise corrupt(source, "must have a calibration.scale above 0: a larger logit is more non-compliant")
    return Calibration(scale=scale, offset=number(source, fields["offset"], "calibration.offset"))


def _files(source: str, value: object) -> dict[str, FileEntry]:
    fields = mapping(source, value, "files")
    require_keys(source, fields, PAYLOAD, where="files")
    return {name: _file(source, fields[name], f"files.{name}") for name in PAYLOAD}


def _file(source: str, value: object, where: str) -> FileEntry:
    fields = mapping(source, value, where)
    require_keys(source, fields, {"sha256", "bytes"}, where=where)
    digest = text(source, fields["sha256"], f"{where}.sha256")
    if not _SHA256.fullmatch(digest):
        raise corrupt(source, f"has a {where}.sha256 that is no digest")
    return FileEntry(sha256=digest, bytes=integer(source, fields["bytes"], f"{where}.bytes"))


def _golden(source: str, value: object, where: str) -> GoldenSample:
    fields = mapping(source, value, where)
    require_keys(source, fields, {"text", "label", "kind", "score"}, where=where)
    label = text(source, fields["label"], f"{where}.label")
    if label not in set(LABELS):
        raise corrupt(source, f"has a label that is none at {where}: {quoted(label)}")
    score = number(source, fields["score"], f"{where}.score")
    if not 0 <= score <= 1:
        raise corrupt(source, f"must have a score from 0 to 1 at {where}")
    return GoldenSample(
        text=text(source, fields["text"], f"{where}.text"),
        label=Label(label),
        kind=text(source, fields["kind"], f"{where}.kind"),
        score=score,
    )
