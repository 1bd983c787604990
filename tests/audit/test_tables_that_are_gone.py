"""Where a table or a column was taken away the command ends with a sentence: it is named, or nothing is proved."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

UNREAD = r"could not be read to the end .* so nothing is proved"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("ALTER TABLE components_answer RENAME TO elsewhere", UNREAD),
        # In PostgreSQL's transaction nothing can be asked any more after the first refusal.
        ("ALTER TABLE components_regulation RENAME COLUMN title TO heading", f"{UNREAD}|cannot even be read"),
    ],
    ids=["a ledger", "a column of a watched table"],
)
def test_the_command_ends_with_a_sentence(statement: str, sentence: str, settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    with connection.cursor() as cursor:
        cursor.execute(statement)

    with pytest.raises(CommandError, match=sentence):
        call_command("verify_audit")
