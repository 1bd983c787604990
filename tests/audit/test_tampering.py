"""Whatever an administrator of the database does to events, ledgers and triggers is found, and the first bad row named.

The triggers are taken away first: with them, nothing of this can be done.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from audit import anchors, triggers
from audit.canonical import GENESIS, chained, digest_of
from audit.models import Event
from audit.services import record
from audit.verification import Report, verify
from components.models import User
from tests.append_only import unguarded
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db
EVENTS = 8


@pytest.fixture
def first(notes: type[Note], officer: User) -> int:
    """The position of the first of eight events, each of which wrote two notes."""
    for number in range(EVENTS):
        rows = [
            notes.objects.create(words=f"{number}{letter}", group=number, data={"passed": False}) for letter in "ab"
        ]
        record("notes_written", by=officer, subject=officer, after={"number": number}, rows=rows)
    return Event.objects.last_first()[0].position - EVENTS + 1


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[], Report]:
    return lambda: verify(tmp_path / "anchors.jsonl")


@pytest.fixture
def anchored(first: int, tmp_path: Path) -> None:
    anchors.take(tmp_path / "anchors.jsonl")


def execute(*statements: str) -> None:
    with unguarded(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kinds(report: Report) -> list[str]:
    return [finding.kind for finding in report.findings]


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


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ("UPDATE audit_note SET words = 'x' WHERE words = '3b'", "row_edited", "was changed after event"),
        ("UPDATE audit_note SET stands = TRUE WHERE words = '3b'", "row_edited", "was changed after event"),
        ("DELETE FROM audit_note WHERE words = '3b'", "row_deleted", "is missing"),
    ],
)
def test_a_ledger_row_that_is_not_as_it_was_is_named(
    first: int, notes: type[Note], checked: Callable[[], Report], change: str, kind: str, sentence: str
) -> None:
    pk = notes.objects.get(words="3b").pk
    execute(change)

    report = checked()
    found = report.findings[0]
    assert (found.kind, found.event, found.table, found.row) == (kind, first + 3, "audit.note", pk)
    assert found.sentence.startswith(f"Row {pk} of audit.note")
    assert sentence in found.sentence
    assert report.found == 1


def test_a_row_that_slipped_in_is_named(first: int, notes: type[Note], checked: Callable[[], Report]) -> None:
    notes.objects.bulk_create([notes(words="not recorded")])

    pk = notes.objects.get(words="not recorded").pk
    assert [finding.sentence for finding in checked().findings] == [
        f"Row {pk} of audit.note is named by no event: it slipped in."
    ]


def test_a_row_that_two_events_name_is_named(first: int, notes: type[Note], checked: Callable[[], Report]) -> None:
    record("notes_written", by=None, rows=[notes.objects.get(words="3b")])

    assert kinds(checked()) == ["row_named_twice"]


@pytest.mark.parametrize(
    ("column", "beginning"),
    [("before", '{"a": 1, "a": 2}'), ("after", '{"number": 9, '), ("after", "{  "), ("rows", '{"audit.note": [], ')],
)
def test_json_of_the_same_value_in_another_text_is_named(
    first: int, checked: Callable[[], Report], column: str, beginning: str
) -> None:
    """Of a name that stands twice Python reads the last value, and SQL may read the first."""
    said = json.dumps(getattr(Event.objects.get(position=first + 3), column))
    text = beginning + said[1:] if said != "{}" else beginning
    execute(f"UPDATE audit_event SET {column} = '{text}' WHERE position = {first + 3}")

    found = [(finding.kind, finding.event, finding.column) for finding in checked().findings]
    if connection.vendor == "postgresql" and said != "{}":
        assert found == []  # it keeps values, not texts
    else:
        assert found[0][:2] == ("event_edited", first + 3)
        assert said == "{}" or found == [("event_edited", first + 3, column)]


def test_a_list_of_rows_that_was_edited_is_found(first: int, checked: Callable[[], Report]) -> None:
    rows = Event.objects.get(position=first + 3).rows
    del rows["audit.note"][0]
    execute(f"UPDATE audit_event SET rows = '{json.dumps(rows)}' WHERE position = {first + 3}")

    assert kinds(checked()) == ["event_edited", "row_added"]


@pytest.mark.parametrize("rows", ["[]", '{"audit.note": 1}', '{"audit.note": [[1], ["x", "y"], [-1, "z"]]}'])
def test_a_list_of_rows_that_is_none_is_found(first: int, checked: Callable[[], Report], rows: str) -> None:
    execute(f"UPDATE audit_event SET rows = '{rows}' WHERE position = {first + 3}")

    assert kinds(checked()) == ["event_edited", "row_added", "row_added"]


@pytest.mark.parametrize("table", ["audit_event", "audit_note"])
def test_a_trigger_that_is_missing_is_named(first: int, checked: Callable[[], Report], table: str) -> None:
    names = [statement.split('"')[1] for statement in triggers.drop_statements(connection, table)][:2]
    of = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if of:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            cursor.execute(f'DROP TRIGGER "{name}"{of}')

    found = checked().findings
    assert [finding.sentence for finding in found] == [f"The trigger {name} on {table} is missing." for name in names]


def test_a_trigger_that_is_altered_or_disabled_is_named(first: int, checked: Callable[[], Report]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute('ALTER TABLE audit_event DISABLE TRIGGER "audit_event_rows_stay"')
            cursor.execute(
                'CREATE OR REPLACE FUNCTION "audit_note_refuse"() RETURNS trigger LANGUAGE plpgsql AS '
                "$$ BEGIN RETURN NEW; END $$"
            )
            expected = ["event_rows_stay on audit_event is disabled", "note_rows_stay on audit_note is not as"]
        else:
            for table in ("event", "note"):
                cursor.execute(f"DROP TRIGGER audit_{table}_no_update")
                cursor.execute(
                    f"CREATE TRIGGER audit_{table}_no_update BEFORE UPDATE ON audit_{table} WHEN FALSE "
                    "BEGIN SELECT RAISE(ABORT, 'never'); END"
                )
            expected = ["event_no_update on audit_event is not as", "note_no_update on audit_note is not as"]

    sentences = [finding.sentence for finding in checked().findings]
    assert [sentence for sentence in expected if not any(sentence in told for told in sentences)] == []
    assert set(kinds(checked())) == {"trigger"}


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


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("value", ["5", "0.5"])
def test_a_truth_value_that_reads_the_same_but_is_another_is_found(value: str, checked: Callable[[], Report]) -> None:
    if connection.vendor == "postgresql":
        value = "NOT stands"  # which has truth values only
    execute(f"UPDATE {Note._meta.db_table} SET stands = {value} WHERE words = '3a'")

    assert kinds(checked()) == ["row_edited"]


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(
    "text", ['{"passed": true, "passed": false}', '{"passed":false}', '{"passed": false} ', '{"passed": true}']
)
def test_a_json_that_reads_the_same_but_is_another_text_is_found(text: str, checked: Callable[[], Report]) -> None:
    rewritten = connection.vendor == "sqlite" or "true}" in text  # PostgreSQL keeps one text of each value
    execute(f"UPDATE {Note._meta.db_table} SET data = '{text}' WHERE words = '3a'")

    assert set(kinds(checked())) == ({"row_edited"} if rewritten else set())


@pytest.mark.usefixtures("first")
def test_a_trigger_that_swallows_rows_is_found(checked: Callable[[], Report]) -> None:
    table = Note._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'CREATE TRIGGER swallow BEFORE INSERT ON "{table}" BEGIN SELECT RAISE(IGNORE); END')
        else:
            cursor.execute("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
            cursor.execute(f'CREATE TRIGGER swallow BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION swallow()')

    assert kinds(checked()) == ["trigger"]
