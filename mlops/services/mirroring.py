"""Bring what a registry says of one model version into this installation: claims, kept apart from what is proven."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from audit.canonical import encode, plain
from audit.exceptions import NotCanonical
from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import NoRoom, RegistryError, UnsupportedFormat
from mlops.models import ModelVersion
from mlops.registries.base import RegisteredVersion
from mlops.registries.claims import LARGEST_CLAIMS
from mlops.runtime.manifest import DIGEST
from mlops.services.lifecycle import begin
from mlops.services.naming import give_digest, holds_its_name, is_named_by_its_manifest, is_unproven, rename

_LARGEST_SIZE = 2**63 - 1
_YEARS = range(1970, 2200)
_ATTEMPTS = 3

Kept = TypeVar("Kept")


class NotMirrored(Exception):
    """An entry cannot become a version here. The message is a sentence that names it."""


class _Disputed(NotMirrored):
    """The entry has the digest, or the name, of another version, the `holder`, whose manifest nobody has seen yet."""

    def __init__(self, sentence: str, holder: ModelVersion) -> None:
        super().__init__(sentence)
        self.holder = holder


def mirror(entry: RegisteredVersion, *, registry: str, by: AbstractBaseUser | None) -> bool:
    """Make the version known, or bring its claims up to date; whether it is new here. The same again changes nothing.

    One transaction, with an event only where something changed. Where another version has the entry's digest or name,
    and its manifest has never been seen, manifests are fetched: whom one names, has both. Raises NotMirrored.
    """
    claims = _claims(entry, registry)
    try:
        return kept_once(lambda: _mirror(entry, claims, by), _name(entry))
    except _Disputed as disputed:
        # Outside of the transaction: a registry may take seconds.
        over = disputed.holder
        try:
            if not _prevails(entry, over):
                raise
        except (RegistryError, UnsupportedFormat, NoRoom, OSError) as error:
            taken = f"has the digest of {over}" if over.digest == entry.digest else f"is here with {over.digest}"
            raise NotMirrored(f"{entry} {taken}, and which of them it is cannot be told now: {error}") from error
    return kept_once(lambda: _mirror(entry, claims, by, over=over), _name(entry))


def kept_once(write: Callable[[], Kept], called: str) -> Kept:
    """What `write` returns, done in a transaction; anew where another made the same known at this moment.

    Raises NotMirrored, which begins with `called`, where no database can keep it, or others were at it each time.
    """
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return write()
        except IntegrityError:
            # Another made it known just now: what it is now decides.
            continue
        except (NotCanonical, DataError) as error:
            raise _unkeepable(called, error) from error
    raise NotMirrored(f"{called} could not be written while others wrote it too: the next look will.")


def plain_claims(documents: Mapping[str, Mapping[str, object]], *texts: str, called: str) -> dict[str, Any]:
    """The documents as plain values; raises NotMirrored where they are too large, or they or a text cannot be kept."""
    try:
        plain(list(texts))
        kept = {name: plain(dict(value)) for name, value in documents.items()}
        size = len(encode(kept))
    except NotCanonical as error:
        raise _unkeepable(called, error) from error
    if size > LARGEST_CLAIMS:
        *first, last = documents
        raise NotMirrored(f"{called} has more than {LARGEST_CLAIMS // 1024} KiB of {', '.join(first)} and {last}.")
    return kept


def _unkeepable(called: str, error: Exception) -> NotMirrored:
    return NotMirrored(f"{called} cannot be kept: {error}")


def withdraw_others(digests: Collection[str], *, by: AbstractBaseUser | None) -> None:
    """Keep of every version that was listed, and whose digest is not among these, that it is listed no more.

    Each in a transaction of its own, with an event. Of two looks at once the one that ends last is believed; the next
    look knows better.
    """
    listed = ModelVersion.objects.filter(listed=True).order_by("pk").values_list("pk", "digest")
    for pk in [pk for pk, digest in listed if digest not in digests]:
        with transaction.atomic():
            known = ModelVersion.objects.select_for_update(no_key=True).get(pk=pk)
            _change(known, {"listed": False}, by)


def _prevails(entry: RegisteredVersion, over: ModelVersion) -> bool:
    """Whether a manifest names the entry, and none the unproven version `over` that has its digest or its name."""
    # Of two bundles with one name, the first stays: else each look would give it to the other.
    return is_named_by_its_manifest(entry) and (over.digest == entry.digest or not holds_its_name(over))


def _mirror(
    entry: RegisteredVersion, claims: dict[str, object], by: AbstractBaseUser | None, over: ModelVersion | None = None
) -> bool:
    """Of `over`, an unproven version, it was found that the entry is named by its manifest, and it is not."""
    # One question for both: between two, another look could make this very version known.
    claimed = ModelVersion.objects.claiming(entry.name, entry.version, entry.digest)
    known = list(claimed.select_for_update(no_key=True).order_by("pk"))
    if not known:
        _add(entry, claims, by)
        return True
    same = next((version for version in known if version.digest == entry.digest), None)
    other = next((version for version in known if version.digest != entry.digest), None)
    if other is not None:
        sentence = (
            f"{entry} is known here with the digest {other.digest}, and the registry says {entry.digest}: "
            "give this bundle a version of its own."
        )
        if not all(is_unproven(version) for version in known):
            raise NotMirrored(sentence)
        if over is None or over.digest != other.digest:
            raise _Disputed(sentence, other)
        give_digest(other, entry.digest, holder=same, by=by)
    elif same is not None and str(same) != str(entry):
        sentence = f"{entry} has the digest of {same}, another version: register it under its own name."
        if not is_unproven(same):
            raise NotMirrored(sentence)
        if over is None:
            raise _Disputed(sentence, same)
        rename(same, name=entry.name, number=entry.version, by=by)
    _update(other or known[0], entry, claims, by)
    return False


def _add(entry: RegisteredVersion, claims: dict[str, object], by: AbstractBaseUser | None) -> None:
    version = ModelVersion.objects.create(
        name=entry.name,
        version=entry.version,
        digest=entry.digest,
        state=VersionState.REGISTERED.value,
        regulation_code=entry.regulation,
        bytes=entry.bytes,
        **claims,
    )
    transition = begin(version, reason="The registry lists it.", by=by)
    record(
        "version_registered",
        by=by,
        subject=version,
        after={"version": str(version), "digest": version.digest, "registry": version.registry},
        rows=[transition],
    )


def _update(
    known: ModelVersion, entry: RegisteredVersion, claims: dict[str, object], by: AbstractBaseUser | None
) -> None:
    if not known.manifest:
        # Its own manifest has not been read: these two are claims still.
        claims = {**claims, "regulation_code": entry.regulation, "bytes": entry.bytes}
    _change(known, claims, by)


def _change(known: ModelVersion, claims: Mapping[str, object], by: AbstractBaseUser | None) -> None:
    """Keep these claims of the version, with an event of those that are not what they were; none, where all are."""
    changed = {name: value for name, value in claims.items() if getattr(known, name) != value}
    if not changed:
        return
    before = {name: getattr(known, name) for name in changed}
    for name, value in changed.items():
        setattr(known, name, value)
    known.save(update_fields=list(changed))
    record("version_claims_changed", by=by, subject=known, before=before, after=changed)


def _claims(entry: RegisteredVersion, registry: str) -> dict[str, object]:
    """The columns that hold what the registry says. Raises NotMirrored where one of them cannot."""
    if problem := _problem(entry):
        raise NotMirrored(f"{_name(entry)} {problem}")
    texts = (entry.name, entry.version, entry.registry_version, entry.regulation, entry.source, entry.signature)
    documents = {"metrics": entry.metrics, "tags": entry.tags, "lineage": entry.lineage}
    return {
        "registry": registry,
        "listed": True,
        "registry_version": entry.registry_version,
        "source": entry.source,
        "created_at": entry.created_at,
        "signature": entry.signature,
        **plain_claims(documents, *texts, called=_name(entry)),
    }


def _problem(entry: RegisteredVersion) -> str:
    """What keeps the entry from being a version here, as the end of a sentence; empty where nothing does."""
    limits = {"name": 64, "version": 32, "registry_version": 64, "regulation": 64}
    long = [name for name, most in limits.items() if len(getattr(entry, name)) > most]
    if long:
        return f"has a {long[0].replace('_', ' ')} of more than {limits[long[0]]} characters."
    if not (entry.name and entry.version):
        return "has no name or no version."
    if not DIGEST.fullmatch(entry.digest):
        return "has no digest of the form sha256: and 64 hexadecimal digits."
    if not 0 <= entry.bytes <= _LARGEST_SIZE:
        return f"has a size of {entry.bytes} bytes."
    if timezone.is_naive(entry.created_at):
        return "has a time of registration without a time zone."
    if entry.created_at.year not in _YEARS:
        return "was registered in a year that cannot be."
    return ""


def _name(entry: RegisteredVersion) -> str:
    """The entry in a sentence that is kept: as long as a line, and of characters that can be."""
    return ascii(f"{str(entry)[:96]} (number {entry.registry_version[:64]})")[1:-1]
