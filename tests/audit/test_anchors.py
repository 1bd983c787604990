"""An anchor is one whole line on the disk, or none."""

import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit import anchors
from audit.anchors import Anchor
from audit.exceptions import AnchorNotWritten
from audit.models import Event
from audit.services import record
from audit.tasks import anchor
from trey_compliance.celery import app

pytestmark = pytest.mark.django_db


def test_each_is_a_line_after_those_before(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "anchors.jsonl"
    first = record("something_happened", by=None)
    anchors.take(file)
    second = record("something_happened", by=None)
    anchors.take(file)

    taken = list(anchors.read(file))
    assert [(one.position, one.digest) for one in taken if isinstance(one, Anchor)] == [
        (first.position, first.digest),
        (second.position, second.digest),
    ]
    assert [set(json.loads(line)) for line in file.read_text().splitlines()] == [{"position", "digest", "at"}] * 2


def test_what_a_crash_left_of_a_line_goes_with_the_next(tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    record("something_happened", by=None)
    kept = anchors.take(file)
    with file.open("a") as torn:
        torn.write('{"position": 1')
    assert list(anchors.read(file)) == [kept]

    again = anchors.take(file)

    assert list(anchors.read(file)) == [kept, again]


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "anchors.jsonl"
    anchors.take(file)
    before = file.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:20]))

    with pytest.raises(AnchorNotWritten, match="the disk is full"):
        anchors.take(file)

    assert file.read_bytes() == before


def test_a_place_where_nothing_can_be_written_is_said_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.AUDIT_ANCHORS = tmp_path / "file" / "anchors.jsonl"

    with pytest.raises(CommandError, match=r"could not be written to anchors\.jsonl"):
        call_command("anchor_audit")


def test_the_scheduler_takes_one_a_day(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    entry = app.conf.beat_schedule["anchor-audit"]

    anchor()
    anchor()

    assert (entry["task"], entry["schedule"]) == (anchor.name, 86_400)
    assert len(list(anchors.read(tmp_path / "anchors.jsonl"))) == 2
    assert Event.objects.filter(origin="task").count() == 0
