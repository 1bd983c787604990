"""An admin stops automatic labelling: people decide, everybody is told, with or without a model."""

import pytest
from django.test import Client

from audit.models import Event
from components.models import Component, Review, StopSwitch, User
from components.services.stopping import stop_labelling
from tests.pages.conftest import client_of
from tests.told import FIRST

BANNER = "Automatic labelling is stopped"


def turn(client: Client, *, stopped: bool = True, **fields: str):
    whole = {"stopped": str(stopped).lower(), "reason": "It <i>labels</i> iron compliant.", "sure": "on"}
    return client.post("/stop-switch/", whole | fields)


@pytest.mark.usefixtures("champion")
def test_stopped_every_new_component_goes_to_people(desk: Client, technician: User) -> None:
    assert turn(desk).status_code == 302
    page = client_of(technician).post("/components/new/", {"description": FIRST}, follow=True).content.decode()
    assert Component.objects.get().label is None
    assert Review.objects.get().routes.get().reason == "stopped"
    assert "an officer decides on it" in page
    assert "Waiting for an officer" in page


@pytest.mark.usefixtures("no_champion")
def test_it_works_while_no_model_serves(desk: Client, technician: User) -> None:
    turn(desk)
    client_of(technician).post("/components/new/", {"description": FIRST})
    assert Review.objects.get().state == Review.State.OPEN


@pytest.mark.parametrize("role", ["technician", "officer", "admin"])
def test_a_banner_tells_everybody_why(role: str, admin: User, request: pytest.FixtureRequest) -> None:
    stop_labelling(reason="It <i>labels</i> iron compliant.", by=admin)
    page = client_of(request.getfixturevalue(role)).get("/account/password/").content.decode()
    assert BANNER in page
    assert "“It &lt;i&gt;labels&lt;/i&gt; iron compliant.”" in page
    assert "No model is serving" not in page


def test_the_administration_tells_it_too(admin: User) -> None:
    stop_labelling(reason="drill", by=admin)
    assert BANNER in client_of(admin).get("/admin/").content.decode()


def test_resumed_there_is_no_banner_and_both_turns_are_told(desk: Client) -> None:
    turn(desk)
    turn(desk, stopped=False, reason="Retrained.")
    page = desk.get("/stop-switch/").content.decode()
    assert BANNER not in desk.get("/account/password/").content.decode()
    assert page.index("Resumed") < page.index("Stopped</td>")
    assert [turn.stopped for turn in StopSwitch.objects.all()] == [False, True]
    assert set(Event.objects.filter(actor__username="admin").values_list("action", flat=True)) >= {
        "labelling_stopped",
        "labelling_resumed",
    }


@pytest.mark.parametrize("fields", [{"sure": ""}, {"reason": "  "}, {"reason": "x" * 501}, {"stopped": "perhaps"}])
def test_without_reason_or_confirmation_nothing_is_turned(desk: Client, fields: dict[str, str]) -> None:
    assert turn(desk, **fields).status_code == 422
    assert not StopSwitch.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["technician", "officer"])
def test_only_admins_reach_it(role: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(role))
    assert turn(client).status_code == 403
    assert not StopSwitch.objects.exists()
