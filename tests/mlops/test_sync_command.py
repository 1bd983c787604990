"""`manage.py sync_registry` looks at the registry in the foreground, and says what it found."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from mlops.exceptions import RegistryUnavailable
from mlops.models import Denial, ModelVersion, RegistrySync
from mlops.services import registry
from mlops.services.evaluation_sets import ensure_evaluation_sets
from tests.mlops.measured import add_plain_set, install
from tests.mlops.pretended import Pretended
from tests.mlops.shelved import Shelf

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[str, str]:
    said, complained = StringIO(), StringIO()
    call_command("sync_registry", *words, stdout=said, stderr=complained)
    return said.getvalue(), complained.getvalue()


def test_it_says_what_the_registry_lists_and_how_far_each_version_is(shelf: Shelf) -> None:
    version = shelf.put("1")
    (shelf.registry / "tiny" / "stray").mkdir()

    said, _ = run()

    assert "The registry (local) lists 1 versions; 0 are new here." in said
    assert "  not a version: " in said
    assert f"  tiny:1  registered  {version.digest[:19]}" in said
    assert ModelVersion.objects.get().state == "registered"


def test_it_says_which_versions_are_not_listed_any_more(shelf: Shelf) -> None:
    versions = [shelf.put(number) for number in "12"]
    (shelf.registry / "tiny" / "1" / "archived").touch()

    said, _ = run()

    told = [f"  {version}  registered  {version.digest[:19]}" for version in versions]
    assert said.splitlines()[-2:] == [f"{told[0]}  not listed any more", told[1]]


def test_on_request_it_brings_each_as_far_as_the_worker_would(shelf: Shelf) -> None:
    ensure_evaluation_sets()
    add_plain_set()
    shelf.put("1")
    shelf.put("2")
    (shelf.files("2") / "model.onnx").write_bytes(b"tampered with")

    said, _ = run("--and-fetch")

    assert "TREY-2019-1: tiny:1 is the candidate." in said
    assert "  tiny:1  candidate" in said
    assert "  tiny:2  rejected" in said


def test_it_says_what_was_decided_for_every_regulation(shelf: Shelf, tmp_path: Path) -> None:
    ensure_evaluation_sets()
    add_plain_set()
    add_plain_set("TREY-2027-2", wording="Part: ")
    shelf.put("1")
    install(tmp_path, "2", regulation="TREY-2027-2", unknown={"iron", "plastic", "fair", "poor"})

    said, _ = run("--and-fetch")

    assert "TREY-2019-1: tiny:1 is the candidate." in said
    assert "TREY-2027-2: no change." in said


def test_versions_that_nothing_can_measure_are_told_once_a_regulation_and_counted(shelf: Shelf, tmp_path: Path) -> None:
    ensure_evaluation_sets()
    for number in "23":
        install(tmp_path, number, regulation="TREY-2027-2")

    complained = StringIO()
    with pytest.raises(CommandError, match="2 could not go on"):
        call_command("sync_registry", "--and-fetch", stdout=StringIO(), stderr=complained)

    assert "tiny:2, tiny:3: There is no evaluation set for TREY-2027-2: add one by" in complained.getvalue()


def test_of_those_that_go_no_further_anyway_it_is_not_told_that_nothing_can_measure_them(
    shelf: Shelf, tmp_path: Path
) -> None:
    ensure_evaluation_sets()
    add_plain_set()
    shelf.put("1")
    for number in "23":
        install(tmp_path, number, regulation="TREY-2027-2")
    Denial.objects.create(pattern="tiny:2", reason="No.")
    ModelVersion.objects.filter(version="3").update(registry="local", listed=False)

    _, complained = run("--and-fetch")

    assert complained == ""


def test_where_nothing_can_be_ranked_that_is_said_and_exit_status_1(shelf: Shelf) -> None:
    with pytest.raises(CommandError, match="There is nothing to rank: no version is for a regulation that") as told:
        run("--and-fetch")

    assert told.value.returncode == 1


def test_a_registry_that_cannot_be_read_is_a_sentence_and_exit_status_1(shelf: Shelf, monkeypatch) -> None:
    pretended = Pretended()
    pretended.failure = RegistryUnavailable("It does not answer.")
    monkeypatch.setattr(registry, "current", lambda: pretended)

    with pytest.raises(CommandError, match=r"The registry \(local\) cannot be read: It does not answer.") as told:
        run()

    assert told.value.returncode == 1
    assert RegistrySync.objects.get().outcome == "unavailable"


def test_a_version_that_cannot_go_on_is_told_and_the_others_go_on(shelf: Shelf, settings) -> None:
    ensure_evaluation_sets()
    add_plain_set()
    shelf.put("1")
    shelf.put("2")
    settings.MODEL_DIR_BYTES = sum(file.stat().st_size for file in shelf.files("1").iterdir()) + 1000

    said = StringIO()
    complained = StringIO()
    with pytest.raises(CommandError, match="1 could not go on"):
        call_command("sync_registry", "--and-fetch", stdout=said, stderr=complained)

    assert "MODEL_DIR_BYTES" in complained.getvalue()
    assert sorted(ModelVersion.objects.values_list("state", flat=True)) == ["candidate", "registered"]
