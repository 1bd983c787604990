"""What happens in the life of an installation, and to a file of anchors, makes no honest pack a wrong one."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from audit import anchors
from components.models import Component, Decision, Regulation, User
from components.services.exporting import Pack
from tests.packs.conftest import decided, verify
from tests.packs.forging import digest_anew, replace_all


def correct(regulation: Regulation, admin: User, client: Client, **news: str) -> None:
    """Change the regulation in the administration."""
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    fields = {"code": regulation.code, "title": regulation.title, "text": regulation.text, "effective_on": "2019-01-01"}
    address = f"/admin/components/regulation/{regulation.pk}/change/"
    assert client.post(address, {**fields, **news}).status_code == 302
    regulation.refresh_from_db()


def test_the_code_of_a_regulation_stays_once_something_was_judged_by_it(
    story: dict[str, Component], admin: User, client: Client
) -> None:
    regulation = Regulation.objects.get()
    correct(regulation, admin, client, code="TREY-2019-9", title="Corrected")
    assert (regulation.code, regulation.title) == ("TREY-2019-1", "Corrected")


def test_the_code_of_a_regulation_can_be_corrected_before(db: None, admin: User, client: Client) -> None:
    regulation = Regulation.objects.get()
    correct(regulation, admin, client, code="TREY-2019-9")
    assert regulation.code == "TREY-2019-9"


def test_a_pack_verifies_where_a_code_was_corrected_between_decisions(
    story: dict[str, Component], officer: User, pack: Callable[..., Pack], tmp_path: Path
) -> None:
    regulation = Regulation.objects.get()
    regulation.code = "TREY-2019-9"
    regulation.save()
    decided(story["beside"], by=officer)
    assert Decision.objects.values("feedback__regulation_code").exclude(feedback=None).distinct().count() >= 2
    folder = tmp_path / "got"
    zipfile.ZipFile(pack().path).extractall(folder)
    assert verify(folder)[0] == 0
    for name in ("regulations.jsonl", "decisions.jsonl", "decisions.csv", "components.jsonl"):
        replace_all(folder, name, b"TREY-2019-9", b"TREY-2019-1")
    digest_anew(folder)
    assert "its code is not what the last event says" in verify(folder)[1]


def test_a_newer_file_of_anchors_may_have_any_name_and_break_off(
    pack: Callable[..., Pack], anchor_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(pack().path).extractall(unpacked)
    User.objects.create_user(username="later")
    anchors.take(anchor_file)
    shutil.copy(anchor_file, tmp_path / "kept.jsonl")
    with (tmp_path / "kept.jsonl").open("ab") as file:
        file.write(b'{"position": 3')
    monkeypatch.chdir(anchor_file.parent)
    assert verify(unpacked, "--anchors", anchor_file.name)[0] == 0
    code, words = verify(unpacked, "--anchors", str(tmp_path / "kept.jsonl"))
    assert (code, "kept.jsonl, line 4: it breaks off" in words) == (0, True), words
    (tmp_path / "kept.jsonl").write_bytes(b'{"position": 3\n')
    code, words = verify(unpacked, "--anchors", str(tmp_path / "kept.jsonl"))
    assert (code, "kept.jsonl, line 1: it is no anchor" in words) == (1, True), words
