"""A line that cannot be an anchor of this chain is found and named."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from audit import anchors
from audit.canonical import GENESIS
from audit.verification import verify

pytestmark = pytest.mark.django_db


def test_an_anchor_that_was_edited_is_found(first: int, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    for _ in range(2):
        anchors.take(file)
    file.write_text(file.read_text().replace('"position"', '"place"', 1))

    assert [finding.sentence for finding in verify(file).findings] == ["Line 1 of anchors.jsonl is no anchor."]


@pytest.mark.parametrize(
    ("position", "digest"),
    [(0, "f" * 64), (-5, "0" * 64), (-5, "zz"), (1, "zz"), (1, "F" * 64), (True, "0" * 64)],
    ids=str,
)
def test_a_line_that_no_chain_can_have_written_is_no_anchor(
    first: int, position: int, digest: str, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.jsonl"
    anchors.take(file)
    at = timezone.now().isoformat(timespec="seconds")
    with file.open("a") as lines:
        lines.write(json.dumps({"position": position, "digest": digest, "at": at}) + "\n")

    assert [finding.sentence for finding in verify(file).findings] == ["Line 2 of anchors.jsonl is no anchor."]


def test_an_anchor_from_before_the_first_event_says_nothing_wrong(first: int, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    at = timezone.now().isoformat(timespec="seconds")
    file.write_text(json.dumps({"position": 0, "digest": GENESIS, "at": at}) + "\n")

    assert verify(file).findings == []
