"""A row of a ledger that is not as it was written, or that no event names, is found and named."""

import json
from collections.abc import Callable

import pytest
from django.db import connection

from audit.models import Event
from audit.services import record
from audit.verification import Report
from tests.audit.conftest import execute, kinds
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db


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


def test_a_list_of_rows_that_was_edited_is_found(first: int, checked: Callable[[], Report]) -> None:
    rows = Event.objects.get(position=first + 3).rows
    del rows["audit.note"][0]
    execute(f"UPDATE audit_event SET rows = '{json.dumps(rows)}' WHERE position = {first + 3}")

    assert kinds(checked()) == ["event_edited", "row_added"]


@pytest.mark.parametrize("rows", ["[]", '{"audit.note": 1}', '{"audit.note": [[1], ["x", "y"], [-1, "z"]]}'])
def test_a_list_of_rows_that_is_none_is_found(first: int, checked: Callable[[], Report], rows: str) -> None:
    execute(f"UPDATE audit_event SET rows = '{rows}' WHERE position = {first + 3}")

    assert kinds(checked()) == ["event_edited", "row_added", "row_added"]


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
