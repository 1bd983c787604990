"""A registry that cannot be read is told once when that begins and once when it ends, and catching up needs nobody."""

import logging
from unittest.mock import Mock

import pytest
from django.db import connection

from audit.models import Event
from components.models import User
from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable
from mlops.models import ModelVersion, RegistrySync
from mlops.services import registry
from mlops.services.syncing import standing, sync
from tests.at_once import at_once
from tests.mlops.pretended import Pretended, entry

pytestmark = pytest.mark.django_db
AWAY = RegistryUnavailable("The workspace does not answer: it is tried again later.")


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    pretended = Pretended(entry(1))
    monkeypatch.setattr(registry, "current", lambda: pretended)
    return pretended


def told() -> list[str]:
    kept = Event.objects.filter(action__in=["registry_lost", "registry_found"]).order_by("position")
    return list(kept.values_list("action", flat=True))


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (AWAY, "unavailable"),
        (RegistryDenied("The credential may not read models: give it the role."), "denied"),
        (RegistryError("The client library is not installed."), "failed"),
    ],
)
def test_a_look_that_fails_keeps_the_sentence_and_is_no_exception(
    shelf: Pretended, failure: Exception, outcome: str, admin: User
) -> None:
    shelf.failure = failure

    looked = sync(by=admin)

    assert (looked.outcome, looked.problem, looked.seen, looked.by) == (outcome, str(failure), 0, admin)
    assert RegistrySync.objects.get() == looked


ADDRESS = "GET https://store.example/x?sv=1&sig=fivefivefivefive%3D failed"


@pytest.mark.parametrize("failure", [AttributeError("'NoneType' has no items"), RuntimeError(ADDRESS), ValueError()])
def test_whatever_else_a_client_raises_is_a_failed_look_without_its_words(
    shelf: Pretended, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.failure = failure

    looked = sync()

    assert looked.outcome == "failed"
    assert looked.problem == (
        f"The registry's client failed with {type(failure).__name__}; the log of the worker has the rest."
    )
    assert "Traceback" in caplog.text
    assert "in versions" in caplog.text
    assert "fivefive" not in caplog.text


def test_the_log_has_no_secret_of_what_data_sets_fail_with_either(
    shelf: Pretended, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shelf, "datasets", Mock(side_effect=RuntimeError(ADDRESS)))

    looked = sync()

    assert (looked.outcome, looked.unreadable) == (
        "complete",
        ["The data sets failed with RuntimeError; the log of the worker has the rest."],
    )
    assert "RuntimeError: GET https://store.example/x?sv=1&sig=… failed" in caplog.text
    assert "fivefive" not in caplog.text


def test_where_manifests_fail_in_a_way_that_nobody_foresaw_the_other_entries_come_in(
    shelf: Pretended, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.listed = [entry(1), entry(2, digest=entry(1).digest), entry(3)]
    monkeypatch.setattr(shelf, "files", Mock(side_effect=RuntimeError(ADDRESS)))

    looked = sync()

    assert (looked.outcome, looked.seen, looked.added) == ("complete", 3, 2)
    assert looked.unreadable == [
        (
            "tiny:2 has the digest of tiny:1, and which of them it is cannot be told now: the registry's client failed "
            "with RuntimeError; the log of the worker has the rest."
        )
    ]
    assert RegistrySync.objects.get() == looked
    assert "RuntimeError: GET https://store.example/x?sv=1&sig=… failed" in caplog.text
    assert "fivefive" not in caplog.text


def test_where_several_could_be_read_and_now_none_can_that_is_an_outage(shelf: Pretended) -> None:
    shelf.listed = [entry(1), entry(2)]
    sync()
    shelf.listed, shelf.sentences = [], ["shelf 1 cannot be read.", "shelf 2 cannot be read."]

    looked = sync()

    assert (looked.outcome, looked.problem) == (
        "failed",
        (
            "The registry lists nothing that can be read, where it listed 2 model versions. If all were taken out on "
            "purpose, archive them here too. The first of what it holds: shelf 1 cannot be read."
        ),
    )
    assert ModelVersion.objects.filter(listed=True).count() == 2
    assert told() == ["registry_lost"]


def test_where_one_could_be_read_and_now_cannot_it_is_withdrawn(shelf: Pretended) -> None:
    sync()
    shelf.listed, shelf.sentences = [], ["shelf 1 cannot be read."]

    assert sync().outcome == "complete"
    assert ModelVersion.objects.get().is_withdrawn


def test_an_outage_is_told_at_its_beginning_and_at_its_end_alone(
    shelf: Pretended, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mlops")
    for failure in (None, AWAY, AWAY, RegistryError("Something else."), None, None):
        shelf.failure = failure
        sync()

    assert told() == ["registry_lost", "registry_found"]
    assert [record.levelname for record in caplog.records if record.levelname == "ERROR"] == ["ERROR"]
    assert "The registry (local) cannot be read: The workspace does not answer" in caplog.text
    assert "The registry (local) can be read again." in caplog.text


def test_a_registry_that_was_never_reached_is_told_too(shelf: Pretended) -> None:
    shelf.failure = AWAY
    sync()
    sync()

    assert told() == ["registry_lost"]


@pytest.mark.django_db(transaction=True)
def test_looks_that_fail_at_once_tell_one_outage(shelf: Pretended) -> None:
    shelf.failure = AWAY
    at_once(sync, sync, sync, sync)

    assert told() == ["registry_lost"]
    assert RegistrySync.objects.count() == 4


def test_after_it_what_was_registered_meanwhile_is_known_by_itself(shelf: Pretended) -> None:
    sync()
    shelf.failure = AWAY
    shelf.listed.append(entry(2))
    sync()
    assert ModelVersion.objects.count() == 1

    shelf.failure = None
    assert sync().added == 1


def test_the_standing_says_since_when_it_cannot_be_read(shelf: Pretended) -> None:
    assert (standing().last, standing().lost_since) == (None, None)
    good = sync()
    assert (standing().last, standing().complete, standing().lost_since) == (good, good, None)

    shelf.failure = AWAY
    first = sync()
    last = sync()

    assert (standing().last, standing().complete) == (last, good)
    assert standing().lost_since == first.started_at


def test_no_row_of_a_version_is_locked_while_the_registry_is_waited_for(shelf: Pretended) -> None:
    shelf.before = lambda: seen.append(connection.in_atomic_block and len(connection.savepoint_ids))
    seen: list[object] = []
    sync()

    # The test's own transaction, and none within it.
    assert seen == [0]


def test_an_outage_of_more_looks_than_are_kept_still_says_when_it_began(shelf: Pretended) -> None:
    complete = sync()
    shelf.failure = AWAY
    first = sync()
    at = {"started_at": first.started_at, "ended_at": first.ended_at}
    RegistrySync.objects.bulk_create(
        RegistrySync(registry="local", outcome="unavailable", problem=str(AWAY), **at) for _ in range(520)
    )

    sync()

    assert standing().complete == complete
    assert RegistrySync.objects.filter(pk=first.pk).exists()
    assert RegistrySync.objects.count() == 502
    assert told() == ["registry_lost"]
