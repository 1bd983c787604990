"""The auditor's pages: find an event, see whether it stands, replay, export."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.db.models import JSONField, Value
from django.test import Client
from django.utils import timezone

from audit.models import Event
from components.models import Component, Decision, User
from components.services import submit_component
from mlops.models import Prediction
from tests.append_only import unguarded
from tests.packs.conftest import verify
from tests.pages.conftest import client_of
from tests.told import draw_everything


@pytest.fixture
def web(auditor: User, story: dict[str, Component]) -> Client:
    """The browser of an auditor."""
    return client_of(auditor)


def of_action(action: str) -> set[int]:
    return set(Event.objects.filter(action=action).values_list("pk", flat=True))


def positions(answer) -> list[int]:
    return [event.position for event in answer.context["found"].events]


def test_events_are_found_by_who_action_subject_day_and_words(web: Client, story, officer: User) -> None:
    component = story["overridden"]
    today = timezone.localdate().isoformat()
    events = Event.objects.filter(subject_type="components.component", subject_id=str(component.pk))
    about = set(events.values_list("position", flat=True))
    by_officer = set(Event.objects.filter(actor=officer).values_list("position", flat=True))
    for wishes, expected in (
        ({"subject": component.pk}, about),
        ({"subject": "@TR-1"}, about),
        ({"subject": f"component {component.pk}", "who": "OFFICER"}, about & by_officer),
        ({"who": "officer", "since": today, "until": today}, by_officer),
        ({"who": "officer", "until": "2000-01-01"}, set()),
        ({"since": "2999-01-01"}, set()),
        ({"who": "nobody-of-that-name"}, set()),
        ({"subject": "nothing of the kind"}, set()),
        ({"text": "review_decided"}, of_action("review_decided")),
        (
            {"action": "question_answered"},
            of_action("question_answered"),
        ),
    ):
        assert set(positions(web.get("/audit/", wishes))) == expected, wishes


def test_what_happened_to_a_decision_is_found_by_its_component(web: Client, story, auditor: User) -> None:
    decision = story["overridden"].decisions.get()
    web.post(f"/decisions/{decision.pk}/replay/")
    (found,) = (
        web.get("/audit/", {"subject": story["overridden"].pk, "action": "decision_replayed"}).context["found"].events
    )
    assert (found.actor_name, found.subject_id) == ("auditor", str(decision.pk))


@pytest.mark.parametrize("wishes", [{"since": "soon"}, {"action": "x"}, {"who": "\0"}, {"before": "x", "after": "²"}])
def test_what_is_not_possible_narrows_nothing(web: Client, wishes: dict[str, str]) -> None:
    assert positions(web.get("/audit/", wishes))[0] == Event.objects.count()


def test_pages_are_walked_to_the_first_event_and_back(web: Client, admin: User) -> None:
    for _ in range(60):
        draw_everything(by=admin)
    first, seen = web.get("/audit/"), []
    page = first
    while True:
        seen += positions(page)
        if page.context["found"].older is None:
            break
        page = web.get("/audit/", {"before": page.context["found"].older})
    assert seen == list(range(Event.objects.count(), 0, -1))
    while page.context["found"].newer is not None:
        page = web.get("/audit/", {"after": page.context["found"].newer})
    assert positions(page) == positions(first)


def test_an_event_tells_what_changed_and_that_it_stands(web: Client, story) -> None:
    event = Event.objects.filter(action="review_decided").first()
    answer = web.get(f"/audit/{event.position}/")
    assert event.digest in answer.text
    assert "as they were written" in answer.text
    assert ("outcome", None, "override") in answer.context["changes"]
    assert {row.ledger for row in answer.context["standing"].rows} >= {"components.decision", "components.label"}


def test_an_event_whose_row_was_changed_says_so(web: Client, story) -> None:
    event = Event.objects.filter(action="review_decided").first()
    with unguarded():
        Decision.objects.filter(pk=event.after["decision"]).update(note="Fine.")
    assert (
        f"Row {event.after['decision']} of components.decision was changed" in web.get(f"/audit/{event.position}/").text
    )
    assert "was changed after event" in web.get("/audit/", {"check": "1"}).text


def test_an_event_that_was_changed_or_lost_its_predecessor_says_so(web: Client) -> None:
    with unguarded():
        Event.objects.filter(position=5).update(actor_name="eve")
        Event.objects.filter(position=7).delete()
    assert "Event 5 was changed" in web.get("/audit/5/").text
    assert "does not follow" in web.get("/audit/8/").text
    assert "Event 5 was changed" in web.get("/audit/", {"check": "1"}).text
    assert web.get("/audit/7/").status_code == HTTPStatus.NOT_FOUND


SHAPES = [
    [1],
    "x",
    Value(None, JSONField()),
    {"components.label": 3},
    {"components.label": [[1]]},
    {"components.label": [["a", "b"]]},
]


@pytest.mark.parametrize(
    "forged",
    [
        *({"rows": shape} for shape in [*SHAPES, [[1]], [["a", "b"]]]),
        {"before": [1]},
        {"after": [1]},
        {"before": "x", "after": 3},
        {"subject_type": "components.decision", "subject_id": "x"},
        {"subject_type": "components.component", "subject_id": "x"},
    ],
    ids=str,
)
def test_an_event_that_lost_its_form_is_shown_as_changed(web: Client, forged: dict[str, object]) -> None:
    position = Event.objects.filter(action="review_decided").first().position
    with unguarded():
        Event.objects.filter(position=position).update(**forged)
    for answer in (web.get(f"/audit/{position}/"), web.get("/audit/", {"check": "1"})):
        assert answer.status_code == HTTPStatus.OK
        assert f"Event {position} was changed after it was written" in answer.text


def test_a_row_that_cannot_be_read_any_more_is_shown_as_changed(web: Client) -> None:
    event = Event.objects.filter(action="review_decided").first()
    key = event.rows["components.label"][0][0]
    unreadable = "infinity" if connection.vendor == "postgresql" else "2026-99-99 00:00:00"
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE components_label SET created_at = %s WHERE id = %s", [unreadable, key])
    for answer in (web.get(f"/audit/{event.position}/"), web.get("/audit/", {"check": "1"})):
        assert f"Row {key} of components.label was changed" in answer.text


def test_the_chain_is_summed_up_and_checked_at_a_wish(web: Client) -> None:
    assert "Last anchor" in web.get("/audit/").text
    assert "stood as they were written" not in web.get("/audit/").text
    assert "stood as they were written" in web.get("/audit/", {"check": "1"}).text
    assert 'href="?who=officer&amp;check=1"' in web.get("/audit/", {"who": "officer"}).text


def test_a_replay_shows_then_and_today(web: Client, story) -> None:
    answer = web.post(f"/decisions/{story['overridden'].decisions.get().pk}/replay/")
    assert "Equal" in answer.text
    assert Event.objects.filter(action="decision_replayed", after__outcome="equal").count() == 1


def test_a_replay_that_differs_says_so(web: Client, story) -> None:
    decision = story["overridden"].decisions.get()
    with unguarded():
        Prediction.objects.filter(pk=decision.review.prediction_id).update(score=0.75)
    assert "Different" in web.post(f"/decisions/{decision.pk}/replay/").text


@pytest.mark.parametrize(
    "about", [{"about": "component", "component": "@TR-1"}, {"about": "version", "model_version": "tiny:1"}]
)
def test_a_pack_is_downloaded_verifies_and_is_an_event(web: Client, story, tmp_path, about: dict[str, str]) -> None:
    answer = web.post("/audit/packs/", about)
    content = b"".join(answer.streaming_content)
    event = Event.objects.last()
    assert (event.action, event.actor_name) == ("audit_pack_exported", "auditor")
    assert event.after["digest"] == hashlib.sha256(content).hexdigest() == answer["X-Pack-SHA256"]
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "got")
    assert verify(tmp_path / "got")[0] == 0
    assert event.after["digest"] in web.get("/audit/packs/").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"about": "component", "component": "nothing"}, "component"),
        ({"about": "component", "component": "99999999"}, "component"),
        ({"about": "component"}, "component"),
        ({"about": "dates", "since": "2026-02-30"}, "since"),
        ({"about": "dates", "since": "2026-02-02", "until": "2026-02-01"}, "until"),
        ({"about": "dates", "since": "1990-01-01", "until": "1990-01-02"}, "since"),
        ({"about": "version", "model_version": "none:1"}, "model_version"),
        ({"about": "everything"}, "about"),
    ],
)
def test_a_pack_of_nothing_is_refused_beside_the_field(web: Client, form: dict[str, str], field: str) -> None:
    before = Event.objects.count()
    answer = web.post("/audit/packs/", form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, [field])
    assert Event.objects.count() == before


@pytest.fixture
def blind(story, admin: User, technician: User) -> Component:
    """A component that waits for a blind decision."""
    draw_everything(by=admin, blind_share=1)
    return submit_component(description="steel, iron and a hidden label", by=technician)


def test_who_decides_gets_neither_pack_nor_replay_of_what_waits_blind(
    story, blind: Component, officer: User, pack: Callable
) -> None:
    web = client_of(officer)
    assert web.post("/audit/packs/", {"about": "component", "component": blind.pk}).status_code == 403
    made = pack(by=officer)
    with zipfile.ZipFile(made.path) as archive:
        assert b"hidden label" not in b"".join(archive.read(name) for name in archive.namelist())


def test_a_replay_of_what_waits_blind_says_why_there_is_none(story, officer: User) -> None:
    decision = story["overridden"].decisions.get()
    story["overridden"].reviews.update(state="open", blind=True)
    answer = client_of(officer).post(f"/decisions/{decision.pk}/replay/")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "waits for a blind decision" in answer.text


def test_an_officer_sees_the_own_packs_alone(story, officer: User, auditor: User) -> None:
    client_of(auditor).post("/audit/packs/", {"about": "component", "component": "@TR-1"})
    web = client_of(officer)
    assert "None yet" in web.get("/audit/packs/").text
    web.post("/audit/packs/", {"about": "component", "component": "@TR-1"})
    assert len(web.get("/audit/packs/").context["made"]) == 1


@pytest.mark.parametrize("address", ["/audit/", "/audit/1/", "/audit/packs/"])
def test_a_technician_sees_none_of_it(story, technician: User, address: str) -> None:
    assert client_of(technician).get(address).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_cannot_be_reckoned_with_is_refused(web: Client, day: str) -> None:
    assert web.get("/audit/", {"since": day, "until": day}).status_code == HTTPStatus.OK
    answer = web.post("/audit/packs/", {"about": "dates", "since": "2026-01-01", "until": day})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
