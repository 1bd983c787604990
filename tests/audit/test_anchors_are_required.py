"""`verify_audit --require-anchors` fails where what happened some hours ago has been seen by no anchor."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from audit import anchors
from audit.services import record
from audit.verification import verify

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    return tmp_path / "anchors.jsonl"


def found(file: Path) -> list[str]:
    return [finding.sentence for finding in verify(file, anchored_within=DAY).findings]


def put(file: Path, *, position: int, digest: str, hours_ago: float) -> None:
    """A line as somebody might write it by hand."""
    at = (timezone.now() - timedelta(hours=hours_ago)).isoformat(timespec="seconds")
    with file.open("a") as lines:
        lines.write(json.dumps({"position": position, "digest": digest, "at": at}) + "\n")


def test_where_an_anchor_is_fresh_and_saw_all_there_is_nothing_to_say(file: Path) -> None:
    anchors.take(file)

    assert found(file) == []
    call_command("verify_audit", "--require-anchors")


def test_without_any_anchor_it_fails_if_anchors_are_required_and_only_then(file: Path) -> None:
    assert verify(file).findings == []
    assert found(file) == ["There is no anchor in anchors.jsonl: a tail that is cut off is not missed."]
    with pytest.raises(CommandError, match="There is no anchor"):
        call_command("verify_audit", "--require-anchors")
    call_command("verify_audit")


def test_an_anchor_that_is_too_old_is_named_and_the_first_event_that_none_has_seen(file: Path) -> None:
    anchors.take(file)
    first = record("something_happened", by=None)
    record("something_happened", by=None)
    assert found(file) == []

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        sentences = found(file)
        with pytest.raises(CommandError):
            call_command("verify_audit", "--require-anchors", "24")
        call_command("verify_audit", "--require-anchors")

    assert sentences[0].endswith("more than 24 hours ago.")
    assert sentences[1].startswith(f"Event {first.position} of ")
    assert sentences[1].endswith("has been seen by no anchor for more than 24 hours.")


def test_an_anchor_of_today_that_saw_too_little_is_no_help(file: Path) -> None:
    first = record("something_happened", by=None)
    second = record("something_happened", by=None)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        put(file, position=first.position, digest=first.digest, hours_ago=0)

        (sentence,) = found(file)

    assert sentence.startswith(f"Event {second.position} of ")


def test_an_anchor_of_the_future_has_seen_nothing_yet(file: Path) -> None:
    last = record("something_happened", by=None)
    put(file, position=last.position, digest=last.digest, hours_ago=-48)

    assert found(file) == ["There is no anchor in anchors.jsonl: a tail that is cut off is not missed."]


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "1e9", "soon"])
def test_hours_that_are_none_are_refused(file: Path, hours: str) -> None:
    with pytest.raises(CommandError, match="--require-anchors"):
        call_command("verify_audit", f"--require-anchors={hours}")


@pytest.mark.parametrize("at", ["yesterday", "2026-11-21T08:15:03"])
def test_a_line_whose_time_is_none_is_no_anchor(file: Path, at: str) -> None:
    file.write_text(json.dumps({"position": 1, "digest": "0" * 64, "at": at}) + "\n")

    assert [finding.sentence for finding in verify(file).findings] == ["Line 1 of anchors.jsonl is no anchor."]
