"""The banner says that nothing serves when nothing serves, and not because a swap failed."""

import shutil
from pathlib import Path

import pytest
from django.test import Client

from components.models import User
from mlops.models import ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from mlops.services.installing import install
from tests.bundles import write_tiny_bundle

pytestmark = pytest.mark.django_db

NOTHING_SERVES = "No model is serving just now"
CANNOT_FOLLOW = "The deployed champion cannot be loaded"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def page(user: User, path: str = "/") -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.get(path).content.decode()


@pytest.fixture
def failed_swap(champion: ModelVersion, tmp_path: Path) -> None:
    version = install(write_tiny_bundle(tmp_path / "next", version="2"))
    shutil.rmtree(serving.bundle_path(version.digest))
    deploy_champion(version, by=None)
    serving.reconcile()


@pytest.mark.usefixtures("failed_swap")
def test_after_a_failed_swap_staff_are_told_and_others_are_not_alarmed(technician: User, admin: User) -> None:
    shown = [page(technician), page(admin), page(admin, "/admin/")]

    assert [NOTHING_SERVES in text for text in shown] == [False, False, False]
    assert [CANNOT_FOLLOW in text for text in shown] == [False, True, True]


@pytest.mark.usefixtures("no_champion")
def test_with_nothing_serving_everybody_is_told(technician: User) -> None:
    assert NOTHING_SERVES in page(technician)


@pytest.mark.usefixtures("champion")
def test_while_all_is_well_there_is_no_banner(technician: User) -> None:
    shown = page(technician)

    assert NOTHING_SERVES not in shown
    assert CANNOT_FOLLOW not in shown
