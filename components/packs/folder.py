"""The files of a pack while it is made, and their digests."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

DIGESTS = "DIGESTS"
FOLDERS = ("model_cards", "verifier")


class Sink:
    """A file that is digested as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> None:
        self._digest.update(content)
        self._file.write(content)

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


class Folder:
    """A directory that becomes a pack. Each file is written once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digests: dict[str, str] = {}
        for name in FOLDERS:
            (path / name).mkdir(parents=True)

    @contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        """A new file of that name; it counts once the block has ended well."""
        with (self.path / name).open("xb") as file:
            sink = Sink(file)
            yield sink
        self.digests[name] = sink.digest

    def write(self, name: str, content: bytes) -> None:
        with self.writing(name) as sink:
            sink.write(content)

    def zip(self, target: Path) -> None:
        """Write all files and DIGESTS, in the form that `sha256sum --check` reads, to a zip at `target`."""
        lines = [f"{digest}  {name}\n" for name, digest in sorted(self.digests.items())]
        (self.path / DIGESTS).write_text("".join(lines), "utf-8", newline="\n")
        # Most of it are digests, which are not compressed any more by trying harder.
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name in FOLDERS:
                archive.mkdir(name)
            for name in sorted((*self.digests, DIGESTS)):
                archive.write(self.path / name, name)
