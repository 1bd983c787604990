"""A row or an event that was changed so that it cannot even be read is told in a sentence, and stops nothing else."""

from collections.abc import Callable
from http import HTTPStatus
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from audit.models import Event
from components.models import Component, Decision, User
from components.packs.exceptions import Unreadable
from components.packs.scope import Scope
from components.services.exporting import Pack
from tests.append_only import unguarded
from tests.packs.conftest import verify
from tests.pages.conftest import client_of


def break_column(table: str, column: str, key: str, pk: int) -> None:
    """Write a time that no program can read into the row."""
    never = "infinity" if connection.vendor == "postgresql" else "2026-99-99 00:00:00"
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [never, pk])


@pytest.fixture
def web(auditor: User, story: dict[str, Component]) -> Client:
    """The browser of an auditor."""
    return client_of(auditor)


@pytest.fixture
def broken_event(story: dict[str, Component]) -> int:
    """The position of an event about the component "overridden", which is not the last."""
    event = Event.objects.get(action="review_decided", subject_id=str(story["overridden"].pk))
    break_column("audit_event", "at", "position", event.position)
    return event.position


@pytest.fixture
def broken_decision(story: dict[str, Component]) -> Decision:
    decision = story["overridden"].decisions.get()
    break_column("components_decision", "decided_at", "id", decision.pk)
    return decision


def test_the_page_of_the_event_says_so(web: Client, broken_event: int) -> None:
    answer = web.get(f"/audit/{broken_event}/")
    assert answer.status_code == HTTPStatus.OK
    assert f"Event {broken_event} was changed after it was written: it cannot even be read." in answer.text
    assert web.get(f"/audit/{broken_event + 1}/").status_code == HTTPStatus.OK
    assert web.get("/audit/99999999/").status_code == HTTPStatus.NOT_FOUND


def test_a_page_of_events_with_it_says_so_and_the_others_are_found(web: Client, broken_event: int) -> None:
    answer = web.get("/audit/")
    assert (answer.status_code, "cannot even be read" in answer.text) == (HTTPStatus.OK, True)
    assert "logged in" in web.get("/audit/", {"action": "logged_in"}).text.lower()


def test_an_event_whose_values_no_program_reads_is_told_too(web: Client) -> None:
    # Neither database keeps JSON that is none, but both keep numbers of more digits than Python reads.
    unread = f'{{"x": {"9" * 5000}}}'
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET after = %s WHERE position = 5", [unread])
    assert "Event 5 was changed" in web.get("/audit/5/").text


def test_the_page_of_an_event_about_the_decision_shows_it_as_changed(web: Client, broken_decision: Decision) -> None:
    event = Event.objects.get(action="review_decided", subject_id=str(broken_decision.component_id))
    answer = web.get(f"/audit/{event.position}/")
    assert answer.status_code == HTTPStatus.OK
    assert f"Row {broken_decision.pk} of components.decision was changed" in answer.text


@pytest.mark.parametrize("broken", ["broken_event", "broken_decision"])
def test_there_is_no_pack_of_it_and_the_refusal_names_it(
    request: pytest.FixtureRequest, web: Client, story: dict[str, Component], pack: Callable[..., Pack], broken: str
) -> None:
    found = request.getfixturevalue(broken)
    named = f"Event {found} " if broken == "broken_event" else "A row of components.decision "
    with pytest.raises(Unreadable, match=f"{named}cannot be read: it was changed past the application"):
        pack(Scope(component_id=story["overridden"].pk))
    answer = web.post("/audit/packs/", {"about": "component", "component": story["overridden"].pk})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f"{named}cannot be read" in answer.text


def test_a_pack_of_other_components_is_made_and_verifies(
    story: dict[str, Component], broken_event: int, broken_decision: Decision, pack: Callable[..., Pack], tmp_path: Path
) -> None:
    made = pack(Scope(component_id=story["asked"].pk))
    script = Path(__file__).parent.parent.parent / "components" / "packs" / "verify.py"
    assert verify(made.path, script=script)[0] == 0


def test_the_page_of_packs_is_there_though_the_event_of_one_cannot_be_read(web: Client) -> None:
    web.post("/audit/packs/", {"about": "component", "component": "@TR-1"})
    made = Event.objects.get(action="audit_pack_exported")
    break_column("audit_event", "at", "position", made.position)
    answer = web.get("/audit/packs/")
    assert answer.status_code == HTTPStatus.OK
    assert "Make and download the pack" in answer.text
    assert "An event among these was changed after it was written" in answer.text


def test_a_replay_says_so_on_the_page_and_by_the_command(web: Client, broken_decision: Decision) -> None:
    answer = web.post(f"/decisions/{broken_decision.pk}/replay/")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f"Decision {broken_decision.pk} cannot be read" in answer.text
    out = StringIO()
    with pytest.raises(CommandError, match="1 impossible"):
        call_command("replay_decision", "--all", stdout=out)
    assert f"Decision {broken_decision.pk} cannot be read" in out.getvalue()
    assert len(out.getvalue().splitlines()) == Decision.objects.count()


@pytest.mark.parametrize("shape", [[1], "x", {"components.label": 3}, {"components.label": [[1], ["a", "b"]]}], ids=str)
def test_an_event_whose_rows_lost_their_form_is_exported_as_it_is_and_found_by_the_verifier(
    story: dict[str, Component], pack: Callable[..., Pack], shape: object
) -> None:
    event = Event.objects.get(action="review_decided", subject_id=str(story["overridden"].pk))
    with unguarded():
        Event.objects.filter(position=event.position).update(rows=shape)
        Event.objects.filter(action="logged_in").update(rows=shape)
    made = pack(Scope(component_id=story["overridden"].pk))
    script = Path(__file__).parent.parent.parent / "components" / "packs" / "verify.py"
    code, words = verify(made.path, script=script)
    assert (code, f"event {event.position} was changed" in words) == (1, True), words
