"""Everybody begins at a page of their role's own: what waits, and how they do."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit import anchors
from components import services
from components.figures import agreement_with_colleagues, agreement_with_own_past, overrides_of
from components.models import Decision, User
from components.services import policies
from components.services.editing import edit_description
from mlops.models import ModelVersion
from tests import told
from tests.conftest import PASSWORD
from tests.pages.conftest import client_of


def person(name: str, role: str) -> User:
    user = User.objects.create_user(username=name, password=PASSWORD)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def home(request: pytest.FixtureRequest):
    """`home(user)` is the text of the page."""

    def text(user: User) -> str:
        answer = client_of(user).get("/home/")
        assert answer.status_code == 200
        return answer.content.decode()

    return text


def test_a_technician_sees_their_own_components_and_nobody_elses(home, technician: User, component) -> None:
    component("mine, a bracket", score=0.9)
    component("hers, a tray", score=0.1, by=person("other", "technician"))
    page = home(technician)
    assert "mine, a bracket" in page
    assert "Labelled by the model" in page
    assert "hers, a tray" not in page
    assert "The queue" not in page


def test_a_technician_sees_what_state_each_is_in(
    home, technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    told.look_at_everything(by=admin)
    entered = services.submit_component(description=told.FIRST, by=technician)
    assert "With the officers" in home(technician)
    told.ask(entered, by=officer)
    page = home(technician)
    assert "A question waits for its answer" in page
    assert page.index("Questions to you") < page.index("Entered by you")


def test_of_many_questions_those_that_waited_longest_are_shown(
    home, technician: User, officer: User, admin: User, champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.views.home.MOST_QUESTIONS", 1)
    told.look_at_everything(by=admin)
    first = told.ask(services.submit_component(description=told.FIRST, by=technician), by=officer)
    assert "More come up" not in home(technician)
    second = told.ask(services.submit_component(description=told.SECOND, by=technician), by=officer)
    page = home(technician)
    assert "More come up" in page
    assert f'href="/questions/{first.pk}/"' in page
    assert f'href="/questions/{second.pk}/"' not in page


def test_a_new_text_whose_old_review_was_withdrawn_is_not_said_to_be_labelled(
    home, technician: User, no_champion: None
) -> None:
    entered = services.submit_component(description=told.FIRST, question=told.WONDERED, by=technician)
    edit_description(component_id=entered.pk, number=1, description=told.SECOND, by=technician)
    assert "Waits for the model" in home(technician)


def test_an_officer_sees_queue_pace_agreement_and_overrides(
    home, technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    told.look_at_everything(by=admin)
    for text in (told.FIRST, told.SECOND, told.THIRD):
        entered = services.submit_component(description=text, by=technician)
        if text == told.FIRST:
            told.decide(entered, "override", reason_code="other", note="So.", by=officer)
        if text == told.SECOND:
            told.decide(entered, "confirm", by=officer)
    page = home(officer)
    assert "<dt>To be reviewed</dt>" in page
    assert "2 decisions, median 2 seconds" in page
    assert page.count('class="bar-fill"') == 14
    assert "1 of 2" in page
    assert "0 of 0" in page
    assert page.index("Your own past") > page.index("Colleagues")


def test_a_colleague_who_agrees_with_an_override_differs_from_the_model_too(
    technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    told.look_at_everything(by=admin, second_share=1)
    colleague = person("colleague", "officer")
    entered = services.submit_component(description=told.FIRST, by=technician)
    first = told.decide(entered, "override", reason_code="other", note="So.", by=officer)
    told.decide(entered, "label", label=first.value, by=colleague)
    mine, everybody = overrides_of(colleague)
    assert (mine.blind.count, mine.blind.of) == (1, 1)
    assert (everybody.shown.count, everybody.shown.of, everybody.blind.of) == (1, 1, 1)


def test_agreement_counts_second_looks_that_saw_no_label(
    home, technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    told.look_at_everything(by=admin, second_share=1)
    colleague = person("colleague", "officer")
    for text in (told.FIRST, told.SECOND, told.THIRD):
        entered = services.submit_component(description=text, by=technician)
        first = told.decide(entered, "confirm", by=officer)
        told.decide(entered, "label", label=first.value, by=colleague)
    found = agreement_with_colleagues(colleague)
    assert (found.pairs, found.agreed) == (3, 3)
    assert agreement_with_own_past(officer).pairs == 0
    assert Decision.objects.filter(officer=colleague, blind=True).count() == 3


def test_agreement_with_the_own_past_is_about_the_same_text(
    home, technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    told.look_at_everything(by=admin)
    for text in (told.FIRST, told.FIRST, told.SECOND):
        told.decide(services.submit_component(description=text, by=technician), "confirm", by=officer)
    found = agreement_with_own_past(officer)
    assert (found.pairs, found.agreed) == (1, 1)


def test_an_auditor_sees_the_chain_and_the_ways_into_it(home, technician: User, settings, tmp_path) -> None:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    auditor = person("auditor", "auditor")
    assert "none yet" in home(auditor)
    anchor = anchors.take(settings.AUDIT_ANCHORS)
    page = home(auditor)
    assert f"at event {anchor.position}, <time" in page
    assert 'href="/components/new/"' not in page


def test_an_admin_sees_switch_policy_and_who_serves(home, admin: User, champion: ModelVersion) -> None:
    policies.set_policy(
        uncertain_from=0.2,
        uncertain_to=0.8,
        audit_share=0.01,
        blind_share=0.5,
        second_share=0,
        reason="A calmer week",
        by=admin,
    )
    page = home(admin)
    assert 'href="/stop-switch/"' in page
    assert "scores from 0.2 to 0.8" in page
    assert "1 %" in page
    assert "1.0 %" not in page
    assert "A calmer week" in page
    assert str(champion) in page


def test_while_nothing_serves_an_admin_reads_why(home, admin: User, no_champion: None) -> None:
    assert "Nobody." in home(admin)


def test_more_decisions_take_no_more_queries(
    technician: User, officer: User, admin: User, champion: ModelVersion
) -> None:
    client: Client = client_of(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/home/")
        return len(captured)

    told.look_at_everything(by=admin)
    for number in range(8):
        entered = services.submit_component(description=f"steel part {number}", by=technician)
        told.decide(entered, "confirm", by=officer)
        if number == 1:
            queries()
            few = queries()
    assert queries() == few
