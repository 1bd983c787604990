"""The blobs of a datastore: written once and never changed, streamed both ways, never whole in memory."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobBlock, BlobClient, ContainerClient, ExponentialRetry, StorageErrorCode

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryError,
    RegistryUnavailable,
    VersionNotFound,
)
from mlops.registries.azureml.answers import answering
from mlops.registries.azureml.patience import Patience
from mlops.registries.azureml.workspace import Place

PIECE: Final = 1024 * 1024
"""Bytes of one request that reads: what is held of a file."""
BLOCK: Final = 4 * PIECE
"""Bytes of one request that writes."""
SHA256: Final = "sha256"
"""Metadata of each blob: what its content hashes to, by whoever wrote it."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob as it is listed; `etag` changes with its content."""

    name: str
    bytes: int
    etag: str


class Blobs:
    """One container, opened with what its datastore says today."""

    def __init__(self, place: Place, patience: Patience) -> None:
        self._patience = patience
        self._container = ContainerClient(
            place.account_url,
            place.container,
            credential=place.credential,
            retry_policy=_Retries(patience),
            connection_timeout=patience.connect,
            read_timeout=patience.read,
            max_single_get_size=PIECE,
            max_chunk_get_size=PIECE,
        )

    def put(self, name: str, file: Path, *, sha256: str) -> None:
        """Write a file, which appears whole or not at all; one that is there already is left, and is right.

        Raises ArtifactCorrupt where the file does not hash to `sha256`, AlreadyRegistered where the blob holds another
        content.
        """
        with answering(f"write {name}"):
            try:
                self._put(self._container.get_blob_client(name), file, sha256)
            except OSError as error:
                if error.filename != str(file):
                    raise
                raise ArtifactCorrupt(f"{file} cannot be read ({error.strerror}).") from error

    def put_once(self, name: str, content: bytes, *, most: int) -> bytes:
        """Write a small blob unless there is one of that name; the content that stands there, at most `most` bytes."""
        with answering(f"write {name}"):
            if self._upload(self._container.get_blob_client(name), content, hashlib.sha256(content).hexdigest()):
                return content
        return self.content(name, most=most)

    def content(self, name: str, *, most: int) -> bytes:
        """The whole content of a small blob.

        Raises VersionNotFound where this blob is not there, and ArtifactCorrupt beyond `most` bytes.
        """
        with answering(f"read {name}", missing=VersionNotFound):
            blob = self._container.get_blob_client(name)
            # One byte more than there may be, so that no blob is taken whole to find that it is too large.
            try:
                read = self._ask(lambda: blob.download_blob(offset=0, length=most + 1).readall())
            except ResourceNotFoundError as error:
                if _code(error) != StorageErrorCode.BLOB_NOT_FOUND:
                    raise _not_the_blobs_fault(name, error) from None
                raise
        if len(read) > most:
            raise ArtifactCorrupt(f"{name} has more than the {most} bytes it may have.")
        return read

    def below(self, prefix: str) -> Iterator[Blob]:
        """The blobs whose names begin with `prefix`, which ends in a slash: so none of a neighbour's."""
        assert prefix.endswith("/")  # noqa: S101 - "models/1" would list those of "models/10"
        with answering(f"list {prefix}"):
            pages = self._container.list_blobs(name_starts_with=prefix).by_page()
            while (page := self._ask(lambda: next(pages, None))) is not None:
                yield from (Blob(str(found.name), int(found.size), str(found.etag)) for found in page)

    @contextmanager
    def opened(self, blob: Blob) -> Iterator[Iterator[bytes]]:
        """The content of a blob in pieces, all of the content that was listed; raises RegistryError."""
        yield self._pieces(blob)

    def _pieces(self, blob: Blob) -> Iterator[bytes]:
        client = self._container.get_blob_client(blob.name)
        for start in range(0, blob.bytes, PIECE):
            length = min(PIECE, blob.bytes - start)
            with answering(f"read {blob.name}", missing=VersionNotFound):
                yield self._piece(client, blob, start, length)

    def _piece(self, client: BlobClient, blob: Blob, start: int, length: int) -> bytes:
        try:
            return self._ask(
                lambda: client.download_blob(
                    offset=start, length=length, etag=blob.etag, match_condition=MatchConditions.IfNotModified
                ).readall()
            )
        except ResourceModifiedError:
            raise RegistryUnavailable(f"{blob.name} was changed while it was read: it is read anew.") from None

    def _put(self, blob: BlobClient, file: Path, sha256: str) -> None:
        if file.stat().st_size <= BLOCK:
            content = file.read_bytes()
            _require_unchanged(file, hashlib.sha256(content).hexdigest(), sha256)
            if not self._upload(blob, content, sha256):
                self._require_holding(blob, sha256)
        elif not self._holds(blob, sha256):
            blocks, found = self._stage(blob, file)
            _require_unchanged(file, found, sha256)
            self._commit(blob, blocks, sha256)

    def _upload(self, blob: BlobClient, content: bytes, sha256: str) -> bool:
        """Write a small blob in one request; False where there is one already, which may be an earlier try of ours."""
        try:
            self._ask(
                lambda: blob.upload_blob(content, overwrite=False, validate_content=True, metadata={SHA256: sha256})
            )
        except ResourceExistsError:
            return False
        return True

    def _stage(self, blob: BlobClient, file: Path) -> tuple[list[BlobBlock], str]:
        """Upload the blocks of a file, not yet to be seen, and what they hash to."""
        # Of several that write the same blob at once, each names blocks of its own: none commits another's.
        upload, blocks, found = uuid4().hex, list[BlobBlock](), hashlib.sha256()
        with file.open("rb") as content:
            while piece := content.read(BLOCK):
                found.update(piece)
                block = f"{upload}{len(blocks):06}"
                self._ask(partial(blob.stage_block, block, piece, validate_content=True))
                blocks.append(BlobBlock(block))
        return blocks, found.hexdigest()

    def _commit(self, blob: BlobClient, blocks: list[BlobBlock], sha256: str) -> None:
        try:
            self._ask(
                lambda: blob.commit_block_list(
                    blocks, metadata={SHA256: sha256}, match_condition=MatchConditions.IfMissing
                )
            )
        except HttpResponseError as error:
            # There already: written by an earlier try whose answer was lost, or by another process, whose commit also
            # made our blocks vanish.
            if not isinstance(error, ResourceExistsError) and _code(error) != StorageErrorCode.INVALID_BLOCK_LIST:
                raise
            if not self._holds(blob, sha256):
                raise

    def _holds(self, blob: BlobClient, sha256: str) -> bool:
        """Whether the blob is there; raises AlreadyRegistered where it is another than we would write."""
        try:
            self._require_holding(blob, sha256)
        except ResourceNotFoundError:
            return False
        return True

    def _require_holding(self, blob: BlobClient, sha256: str) -> None:
        found = self._ask(blob.get_blob_properties)
        if (found.metadata or {}).get(SHA256) != sha256:
            raise AlreadyRegistered(
                f"{blob.blob_name} holds something else, which was written by other means: see what it is, and remove "
                "it where it should not be."
            )

    def _ask(self, ask: Callable[[], _Answer]) -> _Answer:
        """What the client answers, asked again where it is told that it asks too much: the client itself does not."""
        for retry in range(self._patience.retries):
            try:
                return ask()
            except HttpResponseError as error:
                if error.status_code != 429:
                    raise
            time.sleep(self._patience.pause(retry))
        return ask()


class _Retries(ExponentialRetry):
    """The client's own way to try again, with our pauses; its own add up to more than a minute."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(retry_total=patience.retries)
        self._patience = patience

    def get_backoff_time(self, settings: dict[str, Any]) -> float:
        """Seconds before the next try."""
        return self._patience.pause(settings["count"])


def _require_unchanged(file: Path, found: str, sha256: str) -> None:
    if found != sha256:
        raise ArtifactCorrupt(f"{file} was changed while it was uploaded: begin again.")


def _not_the_blobs_fault(name: str, error: HttpResponseError) -> RegistryError:
    """The container is gone, or something on the way answers in its place: a 404 alone tells neither from a blob."""
    return RegistryError(
        f"Azure did not find what {name} lies in ({_code(error) or 'a 404 that does not say what'}): see that the "
        "container of the datastore is there, and whether something between here and Azure answers in its place."
    )


def _code(error: HttpResponseError) -> str:
    """The error's code, which the storage client adds to it."""
    return str(getattr(error, "error_code", ""))
