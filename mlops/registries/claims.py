"""What a registry is told of a bundle and of a data set, in the same words whatever the registry."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from mlops.exceptions import AlreadyRegistered, ArtifactCorrupt, RegistryError
from mlops.registries.base import DatasetDescription, RegisteredVersion
from mlops.registries.redaction import without_secrets
from mlops.registries.shelf import regular
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import Bundle
from mlops.runtime.manifest import DIGEST, NAME, VERSION, require_storable
from mlops.runtime.strict_json import corrupt, integer, mapping, matching, number, quoted, require_keys, text

MEASURES: Final = ("accuracy", "recall", "calibration_error")
"""What is taken of the results on each held-out set."""
MOST_METRICS, MOST_TAGS = 64, 32
OURS: Final = "trey."
"""What the keys of tags begin with that adapters keep for themselves."""

LONGEST_REGULATION: Final = 64
LARGEST_CLAIMS: Final = 64 * 1024
"""Bytes of JSON that metrics, tags and lineage of one version may have together, counts and recipe of a data set."""
LARGEST_RECORD: Final = 256 * 1024
"""Bytes of a file that says what is registered."""

_SET = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_LONGEST_TAG = 250
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Claims:
    """A bundle as a registry is told of it. `bytes` is the sum of its seven files."""

    name: str
    version: str
    digest: str
    regulation: str
    bytes: int
    metrics: Mapping[str, float]
    lineage: Mapping[str, object]
    tags: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"

    def as_json(self) -> dict[str, object]:
        """Made of JSON's own types; `parse_claims` reads it back to an equal value."""
        return asdict(self)

    def registered(self, *, registry_version: str, created_at: datetime, source: str) -> RegisteredVersion:
        """The version of which a registry says so. `source` is for people to read, and loses what may be a secret."""
        return RegisteredVersion(
            **asdict(self), registry_version=registry_version, created_at=created_at, source=without_secrets(source)
        )


def sound_bundle(path: Path) -> Bundle:
    """The bundle at `path`, verified in constant memory: without the bytes of its model. Raises ArtifactCorrupt."""
    try:
        return bundles.check(path)
    except ArtifactCorrupt as error:
        raise type(error)(f"The bundle {path} is refused: {error}") from error
    except OSError as error:
        raise ArtifactCorrupt(f"The bundle {path} cannot be read: {error.strerror or error}.") from error


def claims_of(bundle: Bundle, *, model: str, tags: Mapping[str, str] | None = None, signature: str = "") -> Claims:
    """What is to be registered of a `sound_bundle`, or of one that was read.

    Raises RegistryError where it is none of `model`, a tag is one that not every registry keeps as it is, or there is
    more to say of it than is taken anywhere.
    """
    manifest = bundle.manifest
    if manifest.name != model:
        raise RegistryError(
            f"{bundle.model_version} is no version of {model}, whose registry this is: pack it under that name, or "
            "set REGISTRY_MODEL."
        )
    if not _is_code(manifest.regulation):
        raise RegistryError(f"{bundle.model_version} is for a regulation that is none: {quoted(manifest.regulation)}.")
    claims = Claims(
        name=manifest.name,
        version=manifest.version,
        digest=bundle.digest,
        regulation=manifest.regulation,
        bytes=bundle.bytes,
        metrics=metrics_of(manifest.metrics),
        lineage=manifest.lineage,
        tags=checked_tags(tags or {}),
        signature=signature,
    )
    require_short(str(claims), {"metrics": claims.metrics, "tags": claims.tags, "lineage": claims.lineage})
    return claims


def metrics_of(manifest_metrics: Mapping[str, object]) -> dict[str, float]:
    """The numbers of a manifest by a flat name: those at its top, and "set.measure" of each held-out set's results."""
    found = (
        (name.replace(" ", "_"), float(value))
        for name, value in _numbers_in(manifest_metrics)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    )
    return dict(sorted(found)[:MOST_METRICS])


def checked_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags, where every registry keeps them as they are; raises RegistryError with what is wrong."""
    if len(tags) > MOST_TAGS:
        raise RegistryError(f"A version may have {MOST_TAGS} tags, not {len(tags)}: leave some out.")
    for key, value in tags.items():
        if not _TAG.fullmatch(key) or key.startswith(OURS):
            raise RegistryError(
                f"{quoted(key)} cannot be the key of a tag: write up to 64 letters, digits, spaces, full stops, "
                f"hyphens and underscores, beginning with a letter or a digit and not with {OURS}"
            )
        if not value or len(value) > _LONGEST_TAG or not value.isprintable() or value != value.strip():
            raise RegistryError(f"The tag {key} must have a value of 1 to {_LONGEST_TAG} characters that print.")
    return dict(tags)


def parse_claims(source: str, fields: Mapping[str, object]) -> Claims:
    """What `Claims.as_json` wrote, in `source`; raises ArtifactCorrupt for anything else."""
    require_keys(source, fields, Claims.__dataclass_fields__)
    require_storable(source, fields)
    signature = fields["signature"]
    if not isinstance(signature, str):
        raise corrupt(source, "must have a text at signature")
    return Claims(
        name=matching(source, fields["name"], "name", NAME),
        version=matching(source, fields["version"], "version", VERSION),
        digest=matching(source, fields["digest"], "digest", DIGEST),
        regulation=_regulation(source, text(source, fields["regulation"], "regulation")),
        bytes=_count(source, fields["bytes"], "bytes"),
        metrics={
            name: number(source, value, f"metrics.{name}")
            for name, value in mapping(source, fields["metrics"], "metrics").items()
        },
        lineage=mapping(source, fields["lineage"], "lineage"),
        tags={
            key: text(source, value, f"tags.{key}") for key, value in mapping(source, fields["tags"], "tags").items()
        },
        signature=signature,
    )


def parse_description(source: str, fields: Mapping[str, object]) -> DatasetDescription:
    """What `asdict` makes of a description, in `source`; raises ArtifactCorrupt for anything else."""
    require_keys(source, fields, DatasetDescription.__dataclass_fields__)
    require_storable(source, fields)
    counts = mapping(source, fields["counts"], "counts")
    return DatasetDescription(
        name=matching(source, fields["name"], "name", NAME),
        version=matching(source, fields["version"], "version", VERSION),
        digest=matching(source, fields["digest"], "digest", DIGEST),
        regulation=_regulation(source, fields["regulation"]) if fields["regulation"] != "" else "",
        rows=_count(source, fields["rows"], "rows"),
        counts={label: _count(source, count, f"counts.{label}") for label, count in counts.items()},
        recipe=mapping(source, fields["recipe"], "recipe"),
    )


def require_same(told: Claims | DatasetDescription, standing: str, path: Path) -> None:
    """Raise AlreadyRegistered where name and version stand for another digest, `standing`, than that of what is at
    `path`."""
    if standing != told.digest:
        what = "bundle" if isinstance(told, Claims) else "data set"
        raise AlreadyRegistered(
            f"{told.name}:{told.version} stands for another {what} ({standing}): give {path} a version of its own."
        )


def require_short(named: str, documents: Mapping[str, Mapping[str, object]]) -> None:
    """Raise RegistryError where the documents, each by what it is, together have more than LARGEST_CLAIMS bytes.

    Counted as whoever keeps them counts: with their names, and without spaces.
    """
    # A number without a fraction counts in full, 1e300 with all its digits, as databases keep it.
    plain = {name: dict(document) for name, document in documents.items()}
    counted = json.loads(json.dumps(plain), parse_float=_in_full)
    size = len(json.dumps(counted, separators=(",", ":"), ensure_ascii=False).encode(errors="replace"))
    if size > LARGEST_CLAIMS:
        *first, last = documents
        what = f"{', '.join(first)} and {last}" if first else last
        raise RegistryError(
            f"{named} has {size:,} bytes of {what}, and {LARGEST_CLAIMS:,} are taken: shorten the longest of them, "
            "most often the configuration in it, and make it anew."
        )


def record_of(fields: Mapping[str, object]) -> bytes:
    """The content of a file that says what is registered: the same bytes for the same fields, LARGEST_RECORD at most.

    For people to read too, unless spaces alone would make it too long.
    """
    for layout in ({"indent": 1}, {"separators": (",", ":")}):
        written = json.dumps(fields, sort_keys=True, ensure_ascii=False, allow_nan=False, **layout)
        content = f"{written}\n".encode()
        if len(content) <= LARGEST_RECORD:
            return content
    raise RegistryError(f"There are {len(content):,} bytes to be said of it, and {LARGEST_RECORD:,} are taken.")


def digest_of_file(file: Path) -> str:
    """`sha256:…` of the file's content, read in pieces. Raises OSError, for what is no regular file too."""
    total = hashlib.sha256()
    with regular(file) as content:
        while piece := content.read(_PIECE):
            total.update(piece)
    return f"sha256:{total.hexdigest()}"


def require_described(file: Path, description: DatasetDescription) -> None:
    """Raise ArtifactCorrupt unless the file is the one that is described, or may not be called so; RegistryError where
    there is more to say of it than is taken anywhere."""
    if not (NAME.fullmatch(description.name) and VERSION.fullmatch(description.version)):
        raise ArtifactCorrupt(
            f"{quoted(description.name)}, version {quoted(description.version)}, cannot be the name of a data set: "
            "write small letters, digits, full stops, hyphens and underscores."
        )
    if description.regulation and not _is_code(description.regulation):
        raise ArtifactCorrupt(f"{quoted(description.regulation)} cannot be the code of a regulation.")
    require_short(
        f"{description.name}:{description.version}", {"counts": description.counts, "recipe": description.recipe}
    )
    try:
        found = digest_of_file(file)
    except OSError as error:
        raise ArtifactCorrupt(f"{file} cannot be read ({error.strerror}): name a CSV file that can.") from error
    if found != description.digest:
        raise ArtifactCorrupt(f"{file} has the digest {found}, not {description.digest}: it was changed meanwhile.")


def _in_full(number: str) -> int | float:
    found = float(number)
    return int(Decimal(repr(found))) if found.is_integer() else found


def _numbers_in(metrics: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield from ((name, value) for name, value in metrics.items() if _SET.fullmatch(name))
    results = metrics.get("results")
    if not isinstance(results, Mapping):
        return
    for name, result in results.items():
        if isinstance(result, Mapping) and _SET.fullmatch(str(name)):
            for measure in MEASURES:
                value = result.get(measure)
                yield f"{name}.{measure}", value.get("share") if isinstance(value, Mapping) else value


def _is_code(regulation: str) -> bool:
    return len(regulation) <= LONGEST_REGULATION and regulation.isprintable()


def _regulation(source: str, value: object) -> str:
    if not isinstance(value, str) or not _is_code(value):
        raise corrupt(source, "has a regulation that is none")
    return value


def _count(source: str, value: object, where: str) -> int:
    count = integer(source, value, where)
    if not 0 <= count < 2**63:
        raise corrupt(source, f"must have a size or count at {where}")
    return count
