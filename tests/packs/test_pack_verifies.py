"""A pack as it is made: it proves itself, and holds what it should and no more."""

import ast
import csv
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from audit.models import Event
from components.models import Component, Decision, ReasonCode, User
from components.packs import making
from components.packs.exceptions import NothingToExport, PackExists
from components.packs.making import Contents
from components.packs.scope import Scope
from components.packs.stories import Stories
from components.packs.verifier.form import FORMULAS, cell
from components.services import exporting, submit_component
from components.services.exporting import Pack, export
from components.services.routing import ask_for_review
from tests.append_only import unguarded
from tests.packs.conftest import FORMULA, NOTE, ODD, decided, today, verify


def lines(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n")[:-1]]


def everything_in(pack: Pack) -> bytes:
    with zipfile.ZipFile(pack.path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_an_unpacked_pack_verifies_with_a_bare_python(unpacked: Path) -> None:
    code, words = verify(unpacked)
    assert (code, words.splitlines()[-1].startswith("All is as it was written")) == (0, True), words


def test_a_zipped_pack_verifies_too(unpacked: Path, pack: Callable[..., Pack]) -> None:
    code, words = verify(pack().path, script=unpacked / "verify.py")
    assert (code, "6 lines of decisions.jsonl" in words) == (0, True), words


def test_a_zip_that_is_cut_short_is_refused(unpacked: Path, pack: Callable[..., Pack]) -> None:
    path = pack().path
    path.write_bytes(path.read_bytes()[:-100])
    assert verify(path, script=unpacked / "verify.py")[1].startswith("WRONG. The pack: it cannot be read")


SCRIPTS = [path for path in Path(making.__file__).parent.rglob("*.py") if {"verify.py", "verifier"} & {*path.parts}]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_verifier_needs_python_3_9_and_its_standard_library_alone(script: Path) -> None:
    tree = ast.parse(script.read_text("utf-8"), feature_version=(3, 9))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert len(SCRIPTS) == 6


@pytest.mark.parametrize(
    "scope",
    [Scope(model_version="tiny:1"), Scope(since=timezone.localdate(), until=timezone.localdate())],
    ids=str,
)
def test_a_pack_has_every_decision_of_its_scope(scope: Scope, pack: Callable[..., Pack], tmp_path: Path) -> None:
    made = pack(scope)
    zipfile.ZipFile(made.path).extractall(tmp_path / "got")
    assert [line["decision"] for line in lines(tmp_path / "got", "decisions.jsonl")] == list(
        Decision.objects.order_by("component_id", "pk").values_list("pk", flat=True)
    )
    assert made.contents.decisions == Decision.objects.count() == 6


def test_a_component_without_decisions_has_a_pack_of_its_texts_and_labels(
    story: dict[str, Component], pack: Callable[..., Pack], tmp_path: Path
) -> None:
    zipfile.ZipFile(pack(Scope(component_id=story["beside"].pk)).path).extractall(tmp_path / "got")
    (component,) = lines(tmp_path / "got", "components.jsonl")
    assert [text["text"] for text in component["texts"]] == ["of nobody's concern, iron"]
    assert [label["model_version"] for label in component["labels"]] == ["tiny:1"]
    assert verify(tmp_path / "got")[0] == 0


def test_what_others_wrote_stays_undisclosed(story: dict[str, Component], pack: Callable[..., Pack]) -> None:
    content = everything_in(pack(Scope(component_id=story["waited"].pk)))
    assert b"component_labelled" in content
    for text in ("nobody's concern", FORMULA[:20], ODD, "Which year?"):
        assert text.encode() not in content


def test_the_table_opens_with_the_csv_module_and_runs_no_formula(unpacked: Path) -> None:
    with (unpacked / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = lines(unpacked, "decisions.jsonl")
    assert [(told[0]["text"], told[0]["note"], told[1]["text"]) for _ in (0,)] == [(FORMULA, NOTE, ODD)]
    assert (rows[0]["text"], rows[0]["note"], rows[0]["external_id"]) == (f"'{FORMULA}", f"'{NOTE}", "'@TR-1")
    assert (rows[1]["text"], rows[4]["answer"]) == (ODD, "'+2012, as it says")
    assert [value for row in rows for value in row.values() if value.startswith(FORMULAS)] == []


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1"])
def test_a_text_that_begins_like_a_formula_is_neutralised(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_an_undone_decision_shows_as_undone_and_an_answer_beside_its_question(unpacked: Path) -> None:
    decisions = lines(unpacked, "decisions.jsonl")
    assert [line["outcome"] for line in decisions] == ["override", "confirm", "undo", "confirm", "ask", "confirm"]
    assert decisions[1]["undone_by"] == decisions[2]["decision"]
    assert decisions[2]["undoes"] == decisions[1]["decision"]
    assert decisions[4]["answer"] == "+2012, as it says"


def test_names_that_were_changed_since_are_told_as_they_were(
    story: dict[str, Component], officer: User, pack: Callable[..., Pack], tmp_path: Path
) -> None:
    officer.username = "renamed"
    officer.save()
    code = ReasonCode.objects.get(code="negation")
    code.code = "renamed"
    code.save()
    zipfile.ZipFile(pack().path).extractall(tmp_path / "got")
    first = lines(tmp_path / "got", "decisions.jsonl")[0]
    assert (first["officer"], first["reason_code"]) == ("officer", "negation")
    assert verify(tmp_path / "got")[0] == 0


def test_a_pack_of_a_record_that_was_tampered_with_does_not_verify(
    story: dict[str, Component], pack: Callable[..., Pack], tmp_path: Path
) -> None:
    with unguarded():
        Decision.objects.filter(outcome="override").update(note="Fine.")
    zipfile.ZipFile(pack().path).extractall(tmp_path / "got")
    code, words = verify(tmp_path / "got")
    assert (code, "of components.decision was changed" in words) == (1, True), words


def test_an_export_is_an_event_with_the_digest_of_the_pack(pack: Callable[..., Pack], officer: User) -> None:
    made = pack(by=officer)
    event = Event.objects.last()
    assert (event.action, event.actor) == ("audit_pack_exported", officer)
    assert event.after["digest"] == made.digest == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert event.after["scope"] == today().as_json()


def test_a_pack_of_nothing_leaves_neither_a_file_nor_an_event(story: dict[str, Component], tmp_path: Path) -> None:
    events, files = Event.objects.count(), sorted(tmp_path.iterdir())
    with pytest.raises(NothingToExport):
        export(Scope(model_version="other:1"), to=tmp_path / "nothing.zip", by=None)
    assert (Event.objects.count(), sorted(tmp_path.iterdir())) == (events, files)


def test_a_file_that_is_there_is_not_overwritten(story: dict[str, Component], tmp_path: Path) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_text("mine")
    with pytest.raises(PackExists):
        export(today(), to=taken, by=None)
    assert taken.read_text() == "mine"


def test_nor_one_that_came_while_the_pack_was_made(
    story: dict[str, Component], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, make = tmp_path / "taken.zip", exporting.make

    def make_late(*args: Any, **options: Any) -> Contents:
        taken.write_text("mine")
        return make(*args, **options)

    monkeypatch.setattr(exporting, "make", make_late)
    events = Event.objects.count()
    with pytest.raises(PackExists):
        export(today(), to=taken, by=None)
    assert taken.read_text() == "mine"
    assert not list(tmp_path.glob(".pack-*"))
    assert Event.objects.count() == events


def test_a_pack_has_its_name_when_it_is_recorded_and_its_content_afterwards(
    story: dict[str, Component], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, wanted, record = [], tmp_path / "wanted.zip", exporting.record

    def look_and_record(*words: Any, **options: Any) -> Any:
        sizes.append(wanted.stat().st_size)
        return record(*words, **options)

    monkeypatch.setattr(exporting, "record", look_and_record)
    export(today(), to=wanted, by=None)
    assert sizes == [0]
    assert zipfile.ZipFile(wanted).testzip() is None


def test_what_cannot_be_recorded_leaves_no_file(
    story: dict[str, Component], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: Any, **options: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(exporting, "record", fail)
    files = sorted(tmp_path.iterdir())
    with pytest.raises(OperationalError):
        export(today(), to=tmp_path / "wanted.zip", by=None)
    assert sorted(tmp_path.iterdir()) == files


@pytest.mark.parametrize(
    "wishes",
    [{}, {"component_id": 1, "model_version": "a:1"}, {"since": timezone.localdate()}],
)
def test_a_scope_is_one_thing(wishes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"A (pack|range) "):
        Scope(**wishes)


def test_the_command_writes_a_pack(story: dict[str, Component], tmp_path: Path) -> None:
    out = StringIO()
    call_command("audit_pack", "--from", timezone.localdate().isoformat(), "--out", tmp_path / "made.zip", stdout=out)
    assert hashlib.sha256((tmp_path / "made.zip").read_bytes()).hexdigest() in out.getvalue()
    assert "6 decisions on 4 components" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--component", "99999"), "nothing to export"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "ends before it begins"),
        (("--model-version", "none"), "nothing to export"),
    ],
)
def test_the_command_says_why_there_is_no_pack(
    champion: object, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("audit_pack", *options, "--out", tmp_path / "made.zip")
    with pytest.raises(CommandError, match="could not be written"):
        call_command("audit_pack", *options[:2], "--out", tmp_path / "nowhere" / "made.zip")


def test_a_component_that_no_model_has_seen_has_a_pack_too(
    no_champion: None, anchor_file: Path, technician: User, officer: User, tmp_path: Path
) -> None:
    component = submit_component(description="a bracket of unknown make", by=technician)
    ask_for_review(component_id=component.pk, note="Please look.", by=technician)
    decided(component, by=officer, outcome="label", label="compliant")
    zipfile.ZipFile(export(Scope(component_id=component.pk), to=tmp_path / "p.zip", by=None).path).extractall(
        tmp_path / "got"
    )
    (decision,) = lines(tmp_path / "got", "decisions.jsonl")
    assert (decision["outcome"], decision["prediction"], decision["model_version"]) == ("label", None, None)
    assert verify(tmp_path / "got")[0] == 0


@pytest.mark.django_db(transaction=True)
def test_a_pack_is_as_of_one_moment_whatever_is_written_meanwhile(
    story: dict[str, Component], technician: User, pack: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Event.objects.count()
    write = Stories.write

    def written_meanwhile(self: Stories, *arguments: object) -> None:
        write(self, *arguments)
        with ThreadPoolExecutor(1) as others:
            others.submit(submit_elsewhere, technician).result()

    monkeypatch.setattr(Stories, "write", written_meanwhile)
    with zipfile.ZipFile(pack().path) as archive:
        assert json.loads(archive.read("pack.json"))["head"]["position"] == before
    assert Event.objects.count() == before + 2


def submit_elsewhere(by: User) -> None:
    try:
        submit_component(description="one more bracket", by=by)
    finally:
        connection.close()
