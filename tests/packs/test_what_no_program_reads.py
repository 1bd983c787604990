"""A pack that was altered until no program can read it is wrong in a sentence, and never a traceback."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from components.packs.verifier.__main__ import UNREADABLE
from components.packs.verifier.form import Wrong
from components.packs.verifier.told import Verification
from components.services.exporting import Pack
from tests.packs.conftest import verify
from tests.packs.forging import digest_anew, edit

DEEP = b"[" * 100_000 + b"\n"


def deeper(folder: Path, name: str) -> None:
    (folder / name).write_bytes(DEEP + (folder / name).read_bytes())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda folder: edit(folder, "events.jsonl", 0, position=2**70), "events.jsonl, line 1: it cannot be read"),
        (lambda folder: edit(folder, "rows.jsonl", 0, key=-(2**70)), "rows.jsonl, line 1: it cannot be read"),
        (lambda folder: deeper(folder, "rows.jsonl"), "rows.jsonl, line 1: it cannot be read"),
        (lambda folder: edit(folder, "pack.json", 0, left_out=-1), "pack.json, line 1: made_by or left_out"),
        (lambda folder: edit(folder, "pack.json", 0, made_by=["me"]), "pack.json, line 1: made_by or left_out"),
    ],
    ids=["a position too large", "a key too small", "lists too deep", "fewer than none left out", "made by a list"],
)
def test_a_line_is_named(unpacked: Path, tamper: Callable[[Path], None], named: str) -> None:
    tamper(unpacked)
    digest_anew(unpacked)

    code, words = verify(unpacked)

    assert (code, words.splitlines()[-1].partition(" (")[0].startswith(f"WRONG. {named}")) == (1, True), words


@pytest.mark.django_db
def test_whatever_byte_of_a_packed_file_is_altered_that_file_is_named(
    pack: Callable[..., Pack], tmp_path: Path
) -> None:
    path = pack().path
    with zipfile.ZipFile(path) as archive:
        entry = max(archive.infolist(), key=lambda one: one.compress_size)
    content, zipped = path.read_bytes(), tmp_path / "altered.zip"
    for at in range(entry.header_offset + 100, entry.header_offset + entry.compress_size, entry.compress_size // 60):
        zipped.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        verification = Verification(zipped, None)
        with pytest.raises((Wrong, *UNREADABLE)):
            verification.run()
        assert verification.place == entry.filename


@pytest.mark.django_db
def test_a_zip_that_was_altered_is_wrong_by_the_name_of_the_file(
    unpacked: Path, pack: Callable[..., Pack], tmp_path: Path
) -> None:
    content = pack().path.read_bytes()
    with zipfile.ZipFile(pack().path) as archive:
        at = archive.getinfo("events.jsonl").header_offset + 200
    (tmp_path / "altered.zip").write_bytes(content[:at] + b"\xff\x00\xff\x00" + content[at + 4 :])

    code, words = verify(tmp_path / "altered.zip", script=unpacked / "verify.py")

    assert (code, words.splitlines()[-1].startswith("WRONG. events.jsonl: ")) == (1, True), words


@pytest.mark.django_db
@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_was_packed_anew_and_altered_is_refused_in_a_sentence(
    unpacked: Path, pack: Callable[..., Pack], tmp_path: Path, packing: int
) -> None:
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(pack().path) as made, zipfile.ZipFile(altered, "w", packing) as archive:
        for name in made.namelist():
            archive.writestr(name, made.read(name))
        largest = max(archive.infolist(), key=lambda entry: entry.compress_size)
    content = bytearray(altered.read_bytes())
    middle = largest.header_offset + largest.compress_size // 2
    content[middle : middle + 200] = bytes(200)
    altered.write_bytes(content)
    code, words = verify(altered, script=unpacked / "verify.py")
    assert (code, "it cannot be read (" in words, "Traceback" in words) == (1, True, False), words
