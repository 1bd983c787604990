"""Whatever an administrator of the database does to events, ledgers and triggers is found, and the first bad row named.

The triggers are taken away first: with them, nothing of this can be done.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from audit.canonical import chained, digest_of
from audit.models import Event
from audit.services import record
from audit.verification import Report, verify
from tests.audit.conftest import EVENTS, execute, kinds

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("anchored")
def test_what_nobody_has_touched_is_found_intact(checked: Callable[[], Report]) -> None:
    report = checked()

    assert report.findings == []
    assert (report.events, report.anchors) == (Event.objects.count(), 1)
    assert report.rows >= 2 * EVENTS
    assert report.last_digest == Event.objects.last_first()[0].digest


OTHERS = {
    "at": "'2020-01-01 00:00:00+00:00'",
    "action": "'notes_read'",
    "actor_id": "NULL",
    "actor_name": "'somebody'",
    "role": "'admin'",
    "origin": "'task'",
    "address": "'192.0.2.1'",
    "request_id": "'1'",
    "subject_type": "'components.component'",
    "subject_id": "'17'",
    "before": "'{\"a\": 1}'",
    "after": "'{\"number\": 3.5}'",
    "rows": "'{}'",
    "payload_digest": f"'{'0' * 64}'",
}


def test_every_column_is_tried() -> None:
    columns = {field.attname for field in Event._meta.concrete_fields}
    assert columns == {*OTHERS, "position", "digest"}


@pytest.mark.parametrize("column", OTHERS)
def test_an_edited_event_is_named(first: int, checked: Callable[[], Report], column: str) -> None:
    execute(f"UPDATE audit_event SET {column} = {OTHERS[column]} WHERE position = {first + 3}")

    found = checked().findings[0]
    assert (found.kind, found.event) == ("event_edited", first + 3)
    assert f"Event {first + 3} (" in found.sentence
    assert "was changed after it was written" in found.sentence


def test_an_edited_digest_is_named(first: int, checked: Callable[[], Report]) -> None:
    execute(f"UPDATE audit_event SET digest = payload_digest WHERE position = {first + 3}")

    found = checked().findings[0]
    assert (found.kind, found.event) == ("chain_broken", first + 3)


def test_an_event_that_cannot_even_be_read_is_named(first: int, checked: Callable[[], Report]) -> None:
    unreadable = "'infinity'" if connection.vendor == "postgresql" else "'2026-99-99 00:00:00'"
    execute(f"UPDATE audit_event SET at = {unreadable} WHERE position = {first + 3}")

    found = checked().findings[0]
    assert (found.kind, found.event) == ("event_edited", first + 3)


def test_events_that_were_deleted_are_counted(first: int, checked: Callable[[], Report]) -> None:
    execute(f"DELETE FROM audit_event WHERE position IN ({first + 3}, {first + 4})")

    report = checked()
    assert report.findings[0].sentence == f"Events {first + 3} to {first + 4} are missing."
    assert kinds(report) == ["events_missing"] + ["row_added"] * 4


def test_two_events_that_changed_places_are_named(first: int, checked: Callable[[], Report]) -> None:
    here, there, aside = first + 2, first + 5, 10**9
    execute(
        *(
            f"UPDATE audit_event SET position = {new} WHERE position = {old}"
            for old, new in ((here, aside), (there, here), (aside, there))
        )
    )

    found = [(finding.kind, finding.event) for finding in checked().findings]
    # Who follows one that was moved does not follow from it.
    assert found == [
        ("event_edited", here),
        ("chain_broken", here + 1),
        ("event_edited", there),
        ("chain_broken", there + 1),
    ]


def rewrite(start: int, *, end: int) -> None:
    """Give the events from `start` on, and before `end`, digests that fit what they now say."""
    previous = Event.objects.get(position=start - 1).digest if start > 1 else "0" * 64
    for event in Event.objects.filter(position__gte=start, position__lt=end):
        payload = digest_of(event.payload())
        previous = chained(previous, payload)
        execute(
            f"UPDATE audit_event SET payload_digest = '{payload}', digest = '{previous}' "
            f"WHERE position = {event.position}"
        )


def test_an_event_with_digests_that_fit_itself_does_not_fit_the_next(first: int, checked: Callable[[], Report]) -> None:
    execute(f"UPDATE audit_event SET actor_name = 'somebody' WHERE position = {first + 3}")
    rewrite(first + 3, end=first + 4)

    report = checked()
    assert [(found.kind, found.event) for found in report.findings] == [("chain_broken", first + 4)]
    assert f"does not follow from event {first + 3}" in report.findings[0].sentence


@pytest.mark.usefixtures("anchored")
def test_a_chain_that_was_computed_anew_does_not_fit_its_anchor(first: int, checked: Callable[[], Report]) -> None:
    execute(f"UPDATE audit_event SET actor_name = 'somebody' WHERE position = {first + 3}")
    rewrite(first + 3, end=first + EVENTS)

    report = checked()
    assert [(found.kind, found.event) for found in report.findings] == [("not_the_anchored", first + EVENTS - 1)]


@pytest.mark.usefixtures("anchored")
def test_a_tail_that_was_cut_off_is_missed_by_the_anchor(first: int, checked: Callable[[], Report]) -> None:
    execute(
        f"DELETE FROM audit_event WHERE position >= {first + 6}",
        "DELETE FROM audit_note WHERE words IN ('6a', '6b', '7a', '7b')",
    )

    report = checked()
    assert kinds(report) == ["tail_missing"]
    assert f"The chain ends with event {first + 5}" in report.findings[0].sentence
    assert report.findings[0].event == first + 6


def test_a_tail_without_an_anchor_is_missed_by_its_rows(first: int, checked: Callable[[], Report]) -> None:
    execute(f"DELETE FROM audit_event WHERE position >= {first + 6}")

    assert kinds(checked()) == ["row_added"] * 4


def test_all_events_gone_are_missed(first: int, checked: Callable[[], Report]) -> None:
    execute("DELETE FROM audit_event")

    assert set(kinds(checked())) == {"row_added", "not_adopted"}


def test_the_command_names_the_first_bad_row_and_fails(
    first: int, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    call_command("anchor_audit")
    assert capsys.readouterr().out.split()[0] == str(first + EVENTS - 1)
    call_command("verify_audit")
    assert "All is as it was written." in capsys.readouterr().out
    execute("UPDATE audit_note SET words = 'x' WHERE words = '3b'", "DELETE FROM audit_note WHERE words = '5a'")

    with pytest.raises(CommandError, match=rf"2 found. The first: Row \d+ of audit.note was .* event {first + 3}"):
        call_command("verify_audit")
    capsys.readouterr()
    with pytest.raises(CommandError) as failure:
        call_command("verify_audit", "--json")
    report = json.loads(capsys.readouterr().out)
    assert failure.value.returncode == 1
    assert (report["intact"], report["found"], len(report["findings"])) == (False, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_a_whole_installation_is_verified_while_others_write(tmp_path: Path) -> None:
    with transaction.atomic():
        record("something_happened", by=None)

    assert verify(tmp_path / "none.jsonl").findings == []

    with transaction.atomic():
        record("something_happened", by=None)
    assert not connection.in_atomic_block
