"""Migrations that are undone and made again do not make sound what was not."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mlops.contracts import VersionState
from mlops.management.going_back import refuse_to_forget
from mlops.models import Denial, ModelVersion
from mlops.services.installing import install
from mlops.services.syncing import sync
from tests.bundles import write_tiny_bundle
from tests.mlops.measured import add_plain_set
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.django_db
FIRST_TRANSITIONS = import_module("mlops.migrations.0007_first_transitions")


def go_back_to(name: str) -> None:
    """Have it judged as `migrate` does, before it undoes anything."""
    executor = MigrationExecutor(connection)
    refuse_to_forget(plan=executor.migration_plan([("mlops", name)]))


@pytest.mark.django_db(transaction=True)
def test_what_a_registry_listed_keeps_the_database_from_going_back_and_nothing_is_undone(shelf: Shelf) -> None:
    brought_to(shelf.put(), VersionState.REJECTED)

    with pytest.raises(CommandError, match=r"would forget what 1 model versions .* restore the backup of the database"):
        call_command("migrate", "mlops", "0005", verbosity=0)

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert ModelVersion.objects.get().state == VersionState.REJECTED


def test_so_does_a_denial_and_a_version_that_was_installed_and_put_away(no_champion: None, tmp_path: Path) -> None:
    version = install(write_tiny_bundle(tmp_path / "tiny"))
    go_back_to("0005_ledgers_are_append_only")

    denial = Denial.objects.create(pattern="tiny:9", reason="No.")
    with pytest.raises(CommandError, match=r"Going back behind mlops\.0006"):
        go_back_to("0005_ledgers_are_append_only")

    denial.delete()
    brought_to(version, VersionState.ARCHIVED)
    with pytest.raises(CommandError, match=r"Going back behind mlops\.0006"):
        go_back_to("0005_ledgers_are_append_only")


def test_behind_what_tells_withdrawn_versions_it_goes_while_there_are_none(shelf: Shelf) -> None:
    shelf.put()
    go_back_to("0008_versions_ledgers_are_append_only")

    (shelf.registry / "tiny" / "1" / "archived").touch()
    sync()

    with pytest.raises(CommandError, match=r"behind mlops\.0009.* that 1 model versions are not listed any more"):
        go_back_to("0008_versions_ledgers_are_append_only")


def test_behind_the_days_of_regulations_it_goes_while_no_set_says_one() -> None:
    go_back_to("0009_whether_a_registry_lists_it")

    add_plain_set()

    with pytest.raises(CommandError, match=r"Going back behind mlops\.0010.* what 1 evaluation sets say"):
        go_back_to("0009_whether_a_registry_lists_it")


def test_coming_forward_again_believes_the_history(shelf: Shelf) -> None:
    versions = [shelf.put(number) for number in "12"]
    brought_to(versions[0], VersionState.REJECTED)
    brought_to(versions[1], VersionState.FETCHED)
    ModelVersion.objects.update(state="verified")

    FIRST_TRANSITIONS.state_what_was_found(apps, None)

    assert dict(ModelVersion.objects.values_list("version", "state")) == {"1": "rejected", "2": "fetched"}


def test_what_was_installed_before_there_were_states_is_sound_and_has_the_size_of_all_its_files(
    no_champion: None, tmp_path: Path
) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    manifest = install(source).manifest
    older = ModelVersion.objects.create(
        name="older", version="1", digest="sha256:" + "0" * 64, manifest=manifest, bytes=None
    )

    FIRST_TRANSITIONS.state_what_was_found(apps, None)

    older.refresh_from_db()
    assert (older.state, older.regulation_code) == ("verified", "TREY-2019-1")
    assert older.bytes == sum(file.stat().st_size for file in source.iterdir())
    assert [transition.to_state for transition in older.transitions.all()] == ["verified"]
