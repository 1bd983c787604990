"""The words that pages and rows use for where a version stands are explained in the glossary."""

from enum import StrEnum
from pathlib import Path

import pytest

from mlops.contracts import Role, VersionState
from mlops.services.policy import Verdict

GLOSSARY = Path(__file__).resolve().parent.parent.parent / "docs" / "glossary.md"


@pytest.mark.parametrize("words", [VersionState, Verdict, Role], ids=lambda words: words.__name__)
def test_each_of_them_is_explained(words: type[StrEnum]) -> None:
    glossary = GLOSSARY.read_text("utf-8")

    assert [word.value for word in words if word.value not in glossary] == []
