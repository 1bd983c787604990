"""Each process follows the deployment, and keeps what it has when it cannot."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from mlops import labeler
from mlops.exceptions import NotServing
from mlops.models import Deployment, ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from mlops.services.installing import install
from tests.bundles import COMPLIANT_TEXT, write_tiny_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_version(champion: ModelVersion, tmp_path: Path) -> ModelVersion:
    """Another sound version, registered and not yet deployed."""
    return install(write_tiny_bundle(tmp_path / "next", version="2", scale=2.0))


def test_a_new_champion_is_served_after_the_next_look(champion: ModelVersion, next_version: ModelVersion) -> None:
    before = labeler.classify([COMPLIANT_TEXT])[0]

    deploy_champion(next_version, by=None)
    serving.reconcile()

    after = labeler.classify([COMPLIANT_TEXT])[0]
    assert (before.model_version, after.model_version) == (str(champion), str(next_version))
    assert after.score < before.score


def test_a_champion_whose_bundle_is_lost_leaves_the_one_before_serving(
    champion: ModelVersion, next_version: ModelVersion
) -> None:
    shutil.rmtree(serving.bundle_path(next_version.digest))

    deploy_champion(next_version, by=None)
    serving.reconcile()

    status = labeler.status()
    assert (status.serving, status.model_version) == (True, str(champion))
    assert next_version.digest.removeprefix("sha256:") in status.problem
    assert labeler.classify([COMPLIANT_TEXT])[0].model_version == str(champion)


@pytest.mark.usefixtures("champion")
def test_with_no_champion_deployed_any_more_nothing_serves() -> None:
    Deployment.objects.all().delete()

    serving.reconcile()

    assert not labeler.status().serving
    with pytest.raises(NotServing) as live:
        labeler.classify([COMPLIANT_TEXT])
    with pytest.raises(NotServing) as apart:
        serving.load_champion(threads=1)
    assert str(live.value) == str(apart.value)


@pytest.mark.usefixtures("no_champion")
def test_a_run_of_its_own_says_what_to_do_when_there_is_no_champion() -> None:
    with pytest.raises(NotServing, match="install_starter_model"):
        serving.load_champion(threads=1)


def test_a_run_of_its_own_keeps_one_version(champion: ModelVersion, next_version: ModelVersion) -> None:
    servable = serving.load_champion(threads=1)

    deploy_champion(next_version, by=None)
    serving.reconcile()

    assert servable.classify([COMPLIANT_TEXT])[0].model_version == str(champion)


def test_a_process_that_starts_again_serves_again(champion: ModelVersion, settings: Settings) -> None:
    serving.stop()

    assert labeler.classify([COMPLIANT_TEXT])[0].model_version == str(champion)


@pytest.mark.django_db(transaction=True)
def test_a_child_of_a_fork_loads_for_itself_and_does_not_wait_for_threads_of_its_parent(
    champion: ModelVersion, settings: Settings
) -> None:
    serving.stop()
    settings.MODEL_THREADS = 2
    assert labeler.classify([COMPLIANT_TEXT] * 64)
    connection.close()  # or the two would speak over one line
    with serving._starting:  # as another thread might hold it
        child = os.fork()
    if child == 0:
        try:
            os._exit(0 if serving.status().model_version == str(champion) else 1)
        finally:
            os._exit(2)
    assert ended(child) == 0


def ended(child: int) -> int:
    """The exit status of a child, which is killed if it does not end."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
