"""Migrations are named, complete and reversible, on the database at hand."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from components.models import Regulation

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("components", "mlops", "audit")


def test_every_migration_has_a_name_of_its_own() -> None:
    names = [path.stem for app in OURS for path in (ROOT / app / "migrations").glob("0*.py")]

    assert len(names) >= 5
    assert [name for name in names if re.search(r"_(initial|auto)", name)] == []


@pytest.mark.django_db
def test_the_models_need_no_migration_that_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_they_go_back_to_nothing_and_forth_again() -> None:
    for app in ("axes", "admin", "knox", "components"):
        call_command("migrate", app, "zero", verbosity=0)
    assert not {"components_component", "mlops_prediction"} & set(connection.introspection.table_names())

    call_command("migrate", verbosity=0)

    assert {"components_component", "mlops_prediction"} <= set(connection.introspection.table_names())
    assert Regulation.objects.filter(code="TREY-2019-1").exists()
