"""Model versions in the administration: what is shown of each, claims apart from what was proven and measured."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from components.models import User
from mlops.admin.page import MOST_STEPS, MOST_VERIFICATIONS
from mlops.contracts import VersionState
from mlops.exceptions import RegistryUnavailable
from mlops.models import (
    Dataset,
    Evaluation,
    EvaluationSet,
    ModelVersion,
    Ranking,
    RegistrySync,
    Transition,
    Verification,
)
from mlops.services import registry
from mlops.services.lifecycle import move
from mlops.services.syncing import sync
from tests.mlops import versions
from tests.mlops.pretended import CREATED, Pretended, entry
from tests.pages.conftest import client_of, page_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/mlops/modelversion/"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    pretended = Pretended()
    monkeypatch.setattr(registry, "current", lambda: pretended)
    return pretended


def test_the_list_shows_each_version_with_its_figures_beside_the_champions(desk: Client, champion) -> None:
    versions.measured(champion, wrong=20)
    versions.measured(versions.verified(2), wrong=4)
    versions.registered(3)

    page = text_of(desk, LIST)

    assert '<strong class="nowrap">99.0 %</strong>' in page
    assert "97.5 % to 99.6 %" in page
    assert page.count("champion 95.0 %") == 2
    assert '<span class="state verified">verified</span><br><span class="state serving">serves</span>' in page
    assert '<span class="state registered">registered</span>' in page
    assert "not measured" in page


def test_the_list_says_what_the_registry_cannot_read_and_when_it_was_looked_at(desk: Client, shelf) -> None:
    shelf.listed, shelf.sentences = [entry(1)], ["Number 4 is none of ours <script>."]
    sync()

    page = text_of(desk, LIST)

    assert "It listed 1 version (local)" in page
    assert '<a href="/admin/mlops/dataset/">0 data sets</a> known here.' in page
    assert "1 of its entries cannot be read as versions or data sets" in page
    assert "Number 4 is none of ours &lt;script&gt;." in page
    assert "cannot be read</strong> since" not in page


def test_an_outage_is_shown_on_the_list_and_on_every_page_until_it_ends(desk: Client, shelf) -> None:
    shelf.failure = RegistryUnavailable("The workspace does not answer.")
    sync()
    assert "The registry (local) cannot be read</strong> since" in text_of(desk, LIST)
    assert "The registry of model versions and data sets cannot be read" in text_of(desk, "/admin/")

    shelf.failure = None
    sync()
    assert "cannot be read" not in text_of(desk, LIST)
    assert "cannot be read" not in text_of(desk, "/admin/")


def test_who_may_not_see_the_registry_is_not_told_of_its_outage(shelf) -> None:
    shelf.failure = RegistryUnavailable("The workspace does not answer.")
    sync()
    clerk = User.objects.create_user("clerk", is_staff=True)

    assert "cannot be read" not in text_of(client_of(clerk), "/admin/")


def test_the_page_tells_claims_apart_from_what_was_proven_and_measured(desk: Client, champion) -> None:
    versions.measured(champion, wrong=20)
    version = versions.verified(2, metrics={"accuracy": 0.9999}, tags={"boast": "<i>best ever</i>"})
    versions.measured(version, wrong=40)

    page = text_of(desk, page_of(version))
    before, claims = page.split("What the registry says of it</h2>")

    assert "Claims of whoever registered it. Nothing here is decided by them." in claims
    assert "0.9999" in claims
    assert "0.9999" not in before
    assert "&lt;i&gt;best ever&lt;/i&gt;" in claims
    assert "90.0 %" in before
    assert "tiny:1, the champion" in before
    assert "95.0 %" in before
    assert "Passed: golden samples" in before
    assert "By its own manifest." in before
    assert "Knows &lt;b&gt;little&lt;/b&gt;." in page


def test_the_page_says_where_there_is_nothing_to_measure_a_version_on(desk: Client) -> None:
    version = versions.verified(2)
    sentence = "There is no evaluation set for TREY-2019-1: add one by `manage.py add_evaluation_set`."

    assert sentence in text_of(desk, page_of(version))
    versions.measured(versions.verified(3), wrong=1)
    assert sentence not in text_of(desk, page_of(version))
    assert "Not measured yet." in text_of(desk, page_of(version))


def test_the_page_of_a_rejected_version_says_why(desk: Client) -> None:
    page = text_of(desk, page_of(versions.failed(4)))

    assert "<strong>Why:</strong> golden samples: 3 of 7 are wrong." in page
    assert "Failed: golden samples.</strong> 3 of 7 are wrong." in page


def test_of_what_is_put_away_nothing_is_said_to_come_yet(desk: Client) -> None:
    version = versions.registered(2)
    for words in ("Not measured yet.", "Not opened yet.", "They come with its files."):
        assert words in text_of(desk, page_of(version))
    move(version, VersionState.ARCHIVED, reason="Too large for us.", by=None)

    page = text_of(desk, page_of(version))

    for words in ("It was not measured.", "It was not opened.", "Its files never came."):
        assert words in page


def test_the_page_tells_the_history_with_who_did_what(desk: Client, admin: User) -> None:
    version = versions.verified(2)
    move(version, VersionState.ARCHIVED, reason="Too large for us.", by=admin)

    page = text_of(desk, page_of(version))
    history = page.split("State and its history</h2>")[1].split("</section>")[0]

    told = ["Too large for us.", "by admin", "It passed 1 check.", "by the rules", "The registry lists it."]
    places = [history.index(words) for words in told]
    assert places == sorted(places)


def test_of_a_long_history_the_newest_is_shown_with_a_way_to_the_rest(desk: Client) -> None:
    version = versions.fetched(2)
    for number in range(MOST_VERIFICATIONS + 1):
        Verification.objects.create(model_version=version, passed=True, checks=[], seconds=number, peak_bytes=0)
    assert "All its steps" not in text_of(desk, page_of(version))
    for number in range(MOST_STEPS):
        Transition.objects.create(model_version=version, to_state="fetched", reason=f"Step <{number}>.")

    page = text_of(desk, page_of(version))

    assert "Step &lt;29&gt;." in page
    assert "The registry lists it." not in page
    for name, rows in (("transition", MOST_STEPS + 2), ("verification", MOST_VERIFICATIONS + 1)):
        address = f"/admin/mlops/{name}/?model_version__id__exact={version.pk}"
        assert f'<a href="{address}">All ' in page
        assert f"{rows} {name}s" in text_of(desk, address)


def test_the_data_of_the_lineage_lead_to_the_data_set(desk: Client) -> None:
    dataset = Dataset.objects.create(
        name="reference", version="1", digest="sha256:" + "0" * 64, rows=7, counts={}, registry="local", source="x"
    )

    assert f'<a href="/admin/mlops/dataset/{dataset.pk}/change/">reference:1</a> (7 rows)' in text_of(
        desk, page_of(versions.verified(2))
    )


def test_the_ranking_tells_of_every_version_why(desk: Client, champion) -> None:
    good, bad = versions.verified(2), versions.failed(3)
    ranking = versions.ranked(champion, good, v2="candidate", v1="champion", v3="out")

    page = text_of(desk, reverse("admin:mlops_ranking_change", args=(ranking.pk,)))

    assert "tiny:2</a> is the candidate." in page
    places = [page.index(f'<a href="{page_of(version)}">{version}</a>: <strong>') for version in (good, champion, bad)]
    assert places == sorted(places)
    assert page.count("And &lt;b&gt;that&lt;/b&gt; is so.") == 3
    assert "tiny:2</strong> is the candidate; tiny:1 serves" in text_of(desk, LIST)
    assert "<strong>Out.</strong>" in text_of(desk, page_of(bad))


def test_no_change_is_a_decision_that_is_shown_too(desk: Client, champion) -> None:
    ranking = versions.ranked(champion, None, v1="champion")

    assert "<strong>No change.</strong>" in text_of(desk, reverse("admin:mlops_ranking_change", args=(ranking.pk,)))
    assert "<strong>No change</strong>: tiny:1 stays." in text_of(desk, LIST)


def test_no_list_asks_the_database_more_often_the_longer_it_is(desk: Client, champion) -> None:
    shown = (ModelVersion, Transition, Verification, Evaluation, EvaluationSet, Ranking, RegistrySync, Dataset)

    def grow(numbers: range) -> None:
        for number in numbers:
            version = versions.measured(versions.verified(number), wrong=number).model_version
            versions.ranked(champion, version, v1="champion", **{f"v{number}": "candidate"})
            RegistrySync.objects.create(registry="local", outcome="complete", started_at=CREATED, ended_at=CREATED)
            Dataset.objects.create(name="texts", version=str(number), digest=f"sha256:{number}", rows=1, counts={})

    def questions() -> dict[str, int]:
        asked = {}
        for model in shown:
            with CaptureQueriesContext(connection) as captured:
                desk.get(reverse(f"admin:mlops_{model._meta.model_name}_changelist"))
            asked[model.__name__] = len(captured)
        return asked

    grow(range(2, 4))
    questions()
    few = questions()
    grow(range(4, 12))
    assert questions() == few


def test_nothing_of_it_can_be_added_changed_or_deleted(desk: Client, champion) -> None:
    versions.measured(versions.verified(2), wrong=1)
    versions.ranked(champion, None, v1="champion")
    RegistrySync.objects.create(registry="local", outcome="complete", started_at=CREATED, ended_at=CREATED)
    for model in (ModelVersion, Transition, Verification, Evaluation, EvaluationSet, Ranking, RegistrySync):
        name, key = model._meta.model_name, model._default_manager.earliest("pk").pk
        assert desk.get(f"/admin/mlops/{name}/").status_code == 200, name
        assert desk.get(f"/admin/mlops/{name}/{key}/change/").status_code == 200, name
        assert desk.get(f"/admin/mlops/{name}/add/").status_code == 403, name
        assert desk.post(f"/admin/mlops/{name}/{key}/change/", {}).status_code == 403, name
        assert desk.post(f"/admin/mlops/{name}/{key}/delete/", {"post": "yes"}).status_code == 403, name
