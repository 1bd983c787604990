"""No table holds what people or the model decided without the audit accounting for its rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from audit.findings import Finding
from audit.ledgers import ledgers
from audit.watching import watched_tables
from mlops.models import Deployment, ModelVersion
from mlops.services.deployment import deploy_champion
from mlops.services.installing import install
from tests.bundles import write_tiny_bundle
from tests.permissions.expectations import ADMIN_MODELS

FOLLOWED = {"audit.event", "auth.group", "components.component", "components.review"}
"""Held against the chain, the release, or the events and ledgers that they follow from."""
NO_ACTS = {
    *("admin.logentry", "auth.permission", "contenttypes.contenttype", "sessions.session"),
    *("axes.accessattempt", "axes.accessattemptexpiration", "axes.accessfailurelog", "axes.accesslog"),
    *("mlops.explanation", "mlops.registrysync"),
}
"""What comes and goes by itself, or follows from what is proved; docs/audit.md names it."""


def test_every_table_is_a_ledger_or_watched_or_followed_or_said_to_hold_no_act() -> None:
    tables = [model._meta.label_lower for model in apps.get_models()]

    assert sorted(tables) == sorted([*ledgers(), *watched_tables(), *FOLLOWED, *NO_ACTS])


def test_whatever_may_be_changed_in_the_administration_is_a_ledger_or_watched() -> None:
    changeable = {label for label, acts in ADMIN_MODELS.items() if set(acts.split()) - {"view"}}

    assert changeable - {*ledgers(), *watched_tables()} == set()


@pytest.fixture
def deployments(no_champion: None, tmp_path: Path) -> list[Deployment]:
    """That of a champion that was, and that of the one that is."""
    versions: list[ModelVersion] = [
        install(write_tiny_bundle(tmp_path / version, version=version)) for version in ("1", "2")
    ]
    return [deploy_champion(version, by=None) for version in versions]


@pytest.mark.django_db
def test_versions_that_followed_one_another_are_found_as_they_were_told(
    deployments: list[Deployment], found: Callable[[], list[Finding]]
) -> None:
    assert found() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kind", "column"),
    [
        ("UPDATE {table} SET model_version_id = {other} WHERE id = {row}", "row_edited", "model_version_id"),
        ("UPDATE {table} SET ended_at = started_at WHERE id = {row}", "row_edited", "ended_at"),
        ("UPDATE {table} SET started_at = '2020-01-01 00:00:00+00:00' WHERE id = {row}", "row_edited", "started_at"),
        ("DELETE FROM {table} WHERE id = {row}", "row_deleted", ""),
    ],
    ids=["another version", "ended", "since when", "deleted"],
)
def test_another_champion_by_sql_is_named(
    deployments: list[Deployment], found: Callable[[], list[Finding]], statement: str, kind: str, column: str
) -> None:
    before, now = deployments
    named = {"table": Deployment._meta.db_table, "row": now.pk, "other": before.model_version_id}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**named))

    findings = [(finding.kind, finding.table, finding.row, finding.column) for finding in found()]
    assert findings == [(kind, "mlops.deployment", now.pk, column)]
