"""A database that is older than the release is verified as far as that can be, and the finding says to run migrate."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from audit.models import Event
from audit.services import record
from audit.verification import verify
from components.models import ReviewPolicy
from mlops.models import Dataset
from tests.append_only import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """An installation from before there were datasets; where its anchors would be."""
    record("something_happened", by=None)
    MigrationRecorder(connection).migration_qs.filter(app="mlops").exclude(name__startswith="0001").delete()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table with checks still to be made at the end of the transaction cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {Dataset._meta.db_table} RENAME TO not_there_yet")
    return tmp_path / "anchors.jsonl"


def test_the_command_says_to_run_migrate(older: Path, settings: Settings) -> None:
    settings.AUDIT_ANCHORS = older

    with pytest.raises(CommandError, match=r"older than this release \(mlops\): run migrate, and verify again"):
        call_command("verify_audit")


def test_events_and_the_ledgers_of_other_apps_are_verified_all_the_same(older: Path) -> None:
    assert [finding.kind for finding in verify(older).findings] == ["not_migrated"]

    last, policy = Event.objects.last_first()[0], ReviewPolicy.objects.earliest("pk")
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_event SET action = 'nothing_happened' WHERE position = {last.position}")
        cursor.execute(f"UPDATE components_reviewpolicy SET reason = 'x' WHERE id = {policy.pk}")

    report = verify(older)
    assert [finding.kind for finding in report.findings] == ["not_migrated", "event_edited", "row_edited"]
    assert report.last_position == last.position


def test_where_events_themselves_are_kept_otherwise_nothing_is_looked_at(older: Path) -> None:
    MigrationRecorder(connection).record_unapplied("audit", "0002_events_of_a_person")

    report = verify(older)
    assert [finding.kind for finding in report.findings] == ["not_migrated"]
    assert report.events == 0
