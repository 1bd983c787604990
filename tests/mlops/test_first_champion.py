"""Bring an installation to the point where it can label, by its command."""

from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from mlops.contracts import VersionState
from mlops.models import Denial, Deployment, ModelVersion
from mlops.services.first_champion import ensure_champion
from mlops.services.installing import STARTER_BUNDLE
from mlops.services.serving import bundle_path, load_champion
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.usefixtures("no_champion")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "source")


def install(*words: object) -> str:
    said = StringIO()
    call_command("install_starter_model", *map(str, words), stdout=said)
    return said.getvalue()


def champion() -> ModelVersion:
    return Deployment.objects.champion().get().model_version


def test_the_starter_model_becomes_the_champion_and_loads() -> None:
    said = install()

    assert said == f"{champion()} is now the champion.\n"
    assert load_champion(threads=1).digest == (STARTER_BUNDLE / "DIGEST").read_text().strip()


def test_once_more_changes_nothing(source: Path) -> None:
    install(source)

    assert install(source) == "The champion is tiny:1.\n"
    assert (ModelVersion.objects.count(), Deployment.objects.count()) == (1, 1)


def test_a_champion_is_not_replaced_by_another_bundle(source: Path, tmp_path: Path) -> None:
    install(source)

    said = install(write_tiny_bundle(tmp_path / "other", version="2"))

    assert said == "The champion is tiny:1.\n"
    assert ModelVersion.objects.count() == 1


@pytest.mark.parametrize("loss", [lambda file: file.unlink(), lambda file: file.write_bytes(b"damaged")])
def test_lost_and_damaged_files_come_back(source: Path, loss) -> None:
    install(source)
    loss(bundle_path(champion().digest) / "model.onnx")

    install(source)

    assert load_champion(threads=1).model_version == "tiny:1"


def test_damage_that_the_bundle_cannot_mend_is_told_apart_by_its_exit_status(source: Path, tmp_path: Path) -> None:
    install(source)
    (bundle_path(champion().digest) / "model.onnx").unlink()

    with pytest.raises(CommandError, match=r"The champion tiny:1 cannot be loaded.*model.onnx") as told:
        install(write_tiny_bundle(tmp_path / "other", version="2"))

    assert told.value.returncode == 3


def test_a_broken_bundle_is_refused_and_leaves_nothing(source: Path) -> None:
    (source / "tokenizer.json").write_text("{}")

    with pytest.raises(CommandError, match=r"The model cannot be installed: .*tokenizer.json") as told:
        install(source)

    assert told.value.returncode == 1
    assert not ModelVersion.objects.exists()


def test_a_bundle_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"The model cannot be installed: .*nowhere cannot be read"):
        install(tmp_path / "nowhere")


@pytest.mark.parametrize("state", [VersionState.REJECTED, VersionState.ARCHIVED])
def test_what_was_put_away_here_does_not_become_the_champion(shelf: Shelf, state: VersionState) -> None:
    brought_to(shelf.put(), state)

    with pytest.raises(CommandError, match=f"The model cannot be installed: tiny:1 is {state} here, for good: install"):
        install(shelf.files())

    assert not Deployment.objects.exists()


def test_a_champion_that_is_denied_gets_its_files_back_all_the_same(source: Path) -> None:
    install(source)
    Denial.objects.create(pattern="tiny:1", reason="Recalled.")
    (bundle_path(champion().digest) / "model.onnx").unlink()

    install(source)

    assert load_champion(threads=1).model_version == "tiny:1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bundles", [1, 4], ids=["one bundle", "a bundle each"])
def test_those_who_install_at_once_end_with_one_champion_and_no_error(tmp_path: Path, bundles: int) -> None:
    sources = [write_tiny_bundle(tmp_path / str(number), version=str(number)) for number in range(bundles)]

    installed = at_once(*[partial(ensure_champion, source) for source in sources * (4 // bundles)])

    assert set(installed) == {champion()}
    assert Deployment.objects.count() == 1
