"""A pack as it is made: it proves itself, and holds what it should and no more."""

import json
from pathlib import Path

from tests.packs.conftest import verify


def lines(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n")[:-1]]


def test_an_unpacked_pack_verifies_with_a_bare_python(unpacked: Path) -> None:
    code, words = verify(unpacked)
    assert (code, words.splitlines()[-1].startswith("All is as it was written")) == (0, True), words
