"""While a blind review is open, nobody who may decide learns the label: not from any page, list or order."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from components import services
from components.models import Component, Review, User
from components.permissions import marking_hidden, sees_labels
from mlops.contracts import Label
from mlops.models import ModelVersion
from tests import told
from tests.pages.conftest import client_of

HIDDEN = "Under blind review"
TELLING = ("Non-compliant", "with probability", "Score ", "Labelled", "As the model read it", "This label")


@pytest.fixture
def blind(champion: ModelVersion, technician: User, admin: User) -> Component:
    told.look_at_everything(by=admin, blind_share=1)
    return services.submit_component(description=told.FIRST, by=technician)


@pytest.fixture
def eyes(officer: User) -> Client:
    return client_of(officer)


def main(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_the_page_of_the_component_tells_officers_nothing(eyes: Client, blind: Component) -> None:
    page = main(eyes, f"/components/{blind.pk}/")
    assert HIDDEN in page
    assert [word for word in TELLING if word in page] == []
    assert not re.search(r"\d\.\d{3}\b", page.replace("Probability to be reviewed 1.000", ""))


def test_others_see_the_label(web: Client, blind: Component) -> None:
    page = main(web, f"/components/{blind.pk}/")
    assert HIDDEN not in page
    assert "with probability" in page


def test_the_list_hides_it_and_is_not_narrowed_by_it(eyes: Client, blind: Component) -> None:
    shown = main(eyes, "/")
    assert HIDDEN in shown
    assert "Probability of non-compliant" not in shown
    for wish in ("label=compliant", "label=non-compliant", "label=unlabelled", "source=model", "source=officer"):
        assert told.FIRST not in main(eyes, f"/?{wish}")


def test_the_place_in_the_list_tells_no_score(eyes: Client, blind: Component, component) -> None:
    component("high", score=0.99)
    component("low", score=0.01)
    for order in ("score", "-score"):
        page = main(eyes, f"/?ordering={order}")
        assert max(page.index("high"), page.index("low")) < page.index(told.FIRST)


def test_an_officer_who_enters_one_is_not_told_its_label(eyes: Client, blind: Component) -> None:
    page = eyes.post("/components/new/", {"description": told.SECOND}, follow=True).content.decode()
    assert "blind" in page
    assert "labelled" not in page[page.index("<main") : page.index("History")].lower()
    after = eyes.post("/components/new/", {"description": told.THIRD, "another": "1"}, follow=True).content.decode()
    assert HIDDEN in after
    assert "with probability" not in after


def test_decided_it_is_seen_again(eyes: Client, blind: Component, officer: User) -> None:
    assert not sees_labels(officer, blind)
    told.decide(blind, "label", label=Label.COMPLIANT, by=officer)
    assert sees_labels(officer, blind)
    assert HIDDEN not in main(eyes, f"/components/{blind.pk}/")
    assert "without seeing the model" in main(eyes, f"/components/{blind.pk}/")


def test_while_the_technician_is_asked_it_stays_hidden(blind: Component, officer: User) -> None:
    told.ask(blind, by=officer)
    assert Review.objects.get().state == Review.State.ASKED
    assert not sees_labels(officer, blind)


def test_question_and_annotation_say_the_same_of_every_role(blind: Component, component) -> None:
    component("seen", score=0.9)
    for role in ("technician", "officer", "admin", "auditor", "client"):
        user, _ = User.objects.get_or_create(username=f"another {role}")
        user.groups.add(Group.objects.get(name=role))
        for one in marking_hidden(Component.objects.rows(), user):
            assert one.hidden_label == (not sees_labels(user, one)) == (role == "officer" and one == blind)
