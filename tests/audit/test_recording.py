"""An event is written in the transaction of what it tells of, after the one before it."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit.canonical import chained, digest_of
from audit.exceptions import NotALedger, NotCanonical, NotInTransaction
from audit.models import Event
from audit.querysets import EventQuerySet
from audit.services import record
from components.models import User
from tests.append_only import unguarded
from tests.at_once import at_once
from tests.audit.specimens import Note

Events = Callable[[], EventQuerySet]
THREADS, EACH = 8, 50


@pytest.mark.django_db
def test_it_says_who_in_which_role_what_and_about_what(officer: User, technician: User, events: Events) -> None:
    before = timezone.now()
    record("person_renamed", by=officer, subject=technician, before={"name": "a"}, after={"name": "b"})

    event = events().get()
    assert (event.action, event.actor, event.actor_name, event.role) == (
        "person_renamed", officer, "officer", "officer",
    )  # fmt: skip
    assert (event.subject_type, event.subject_id) == ("components.user", str(technician.pk))
    assert (event.before, event.after, event.rows) == ({"name": "a"}, {"name": "b"}, {})
    assert before <= event.at <= timezone.now()
    assert (event.subject_type, event.subject_id) == ("components.user", str(technician.pk))


@pytest.mark.django_db
def test_each_follows_from_the_one_before(events: Events) -> None:
    for action in ("a", "b", "c"):
        record(action, by=None)

    written = list(events())
    assert [event.position for event in written] == list(range(written[0].position, written[0].position + 3))
    for previous, event in pairwise(written):
        assert event.digest == chained(previous.digest, digest_of(event.payload()))


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_chain_or_rows(
    officer: User, notes: type[Note], django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    rows = [notes.objects.create(words=str(number)) for number in range(50)]
    # The actor's groups, the lock, the last event, the insert; SQLite has locked at BEGIN.
    expected = 4 if connection.vendor == "postgresql" else 3
    with django_assert_num_queries(expected):
        record("notes_written", by=officer, rows=rows[:1])
    with django_assert_num_queries(expected):
        record("notes_written", by=officer, rows=rows[1:])


@pytest.mark.django_db
def test_only_saved_rows_of_ledgers_can_be_named(notes: type[Note], technician: User) -> None:
    for row in (technician, notes(words="never saved")):
        with pytest.raises(NotALedger):
            record("something_happened", by=None, rows=[row])


@pytest.mark.django_db
def test_a_value_that_no_database_keeps_is_refused_and_nothing_written(events: Events) -> None:
    with pytest.raises(NotCanonical):
        record("something_happened", by=None, after={"text": "a\x00b"})
    assert not events().exists()


@pytest.mark.django_db
def test_the_database_knows_no_other_origins() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(position=10**6, at=timezone.now(), action="a", origin="")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(events: Events) -> None:
    with pytest.raises(NotInTransaction, match="something_happened"):
        record("something_happened", by=None)
    assert not events().exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_none(events: Events) -> None:
    def fail() -> None:
        with transaction.atomic():
            record("something_happened", by=None)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with transaction.atomic():
        record("another_thing_happened", by=None)

    assert [event.action for event in events()] == ["another_thing_happened"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain_without_gaps(events: Events) -> None:
    start = Event.objects.count()

    def write() -> None:
        for number in range(EACH):
            with transaction.atomic():
                record("something_happened", by=None, after={"number": number})

    at_once(*[write] * THREADS)

    written = list(events())
    assert [event.position for event in written] == list(range(start + 1, start + THREADS * EACH + 1))
    for previous, event in pairwise(written):
        assert event.digest == chained(previous.digest, event.payload_digest)


@pytest.mark.django_db
def test_questions_find_events_by_words(officer: User, events: Events) -> None:
    record("component_submitted", by=officer, subject=officer)
    record("component_labelled", by=None)

    submitted, labelled = events()
    found = {words: list(events().search(words)) for words in ("submitted", "officer", "shell labelled", "nothing")}
    assert found == {"submitted": [submitted], "officer": [submitted], "shell labelled": [labelled], "nothing": []}
    assert list(events().search(f"components.user {officer.pk}")) == [submitted]
    assert list(events().last_first()) == [labelled, submitted]


@pytest.mark.django_db
def test_the_actions_that_there_are_events_of_are_listed_once_without_reading_all(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for action in ("b_was_done", "a_was_done", "b_was_done"):
        record(action, by=None)

    with django_assert_num_queries(1):
        actions = Event.objects.actions()

    assert actions == sorted(set(Event.objects.values_list("action", flat=True)))
    assert {"a_was_done", "b_was_done"} < set(actions)


@pytest.mark.django_db
def test_what_a_person_did_is_asked_of_an_index(officer: User) -> None:
    newest = Event.objects.filter(actor=officer.pk).last_first()[:50]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table as short as this one it would read and sort whole.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    assert "event_of_actor" in newest.explain()


@pytest.mark.django_db
def test_where_nothing_was_done_there_are_no_actions() -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")

    assert Event.objects.actions() == []
