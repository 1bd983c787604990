"""`manage.py label` where its answers cannot be written."""

import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mlops.models import ModelVersion


def test_a_full_disk_behind_standard_output_is_told_in_a_sentence(
    champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(CommandError, match="No space left on device"):
            call_command("label", "good condition steel component")


def test_a_closed_standard_output_is_told_in_a_sentence(
    champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(CommandError, match="leave standard output open"):
        call_command("label", "good condition steel component")
