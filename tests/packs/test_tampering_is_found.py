"""Whatever is altered in an unpacked pack, the verifier names it, also where every digest was computed anew."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from components.services.exporting import Pack
from tests.packs.conftest import verify
from tests.packs.forging import (
    card_of,
    cut_tail,
    digest_anew,
    drop_manifest,
    edit,
    edit_row,
    edit_summary,
    edit_version,
    forge_chain,
    leave_out,
    leave_text_out,
    lines_of,
    move_anchor,
    put_in_a_regulation,
    put_in_a_version,
    put_off,
    rename_card,
    rename_version,
    replace,
    replace_all,
    rewrite_card,
    scope_of,
    swap,
)

GUARDED = ["decisions.csv", "decisions.jsonl", "components.jsonl", "regulations.jsonl", "events.jsonl", "rows.jsonl"]
GUARDED += ["chain.txt", "anchors.jsonl", "pack.json", "README.txt", "verify.py", "verifier/told.py", "DIGESTS"]


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a decision's note edited": (lambda f: edit(f, "decisions.jsonl", 0, note="Fine."), "note of decision"),
    "a decision's officer edited": (lambda f: edit(f, "decisions.jsonl", 0, officer="eve"), "officer of decision"),
    "a decision's time edited": (lambda f: edit(f, "decisions.jsonl", 0, decided_at="2020"), "decided_at of decision"),
    "a decision's score edited": (lambda f: edit(f, "decisions.jsonl", 0, model_score=0.2), "model_score of decision"),
    "a reason edited": (lambda f: edit(f, "decisions.jsonl", 0, reason_code="other"), "reason_code of decision"),
    "an undo hidden": (lambda f: edit(f, "decisions.jsonl", 1, undone_by=None), "undone_by of decision"),
    "an answer edited": (lambda f: edit(f, "decisions.jsonl", 4, answer="1970"), "answer of decision"),
    "a field put into a decision": (lambda f: edit(f, "decisions.jsonl", 0, x=1), "other fields"),
    "a decision left out": (lambda f: leave_out(f, "decisions.jsonl", 2), "should stand here"),
    "the last decision left out": (lambda f: leave_out(f, "decisions.jsonl", -1), "is missing"),
    "two decisions changed places": (lambda f: swap(f, "decisions.jsonl", 0, 1), "should stand here"),
    "a decision twice": (lambda f: replace(f, "decisions.jsonl", b"\n", b"\n{}\n"), "decisions.jsonl"),
    "a cell of the table edited": (lambda f: replace(f, "decisions.csv", b"override", b"confirm"), "decisions.csv"),
    "a formula set free": (lambda f: replace(f, "decisions.csv", b"'=", b"="), "decisions.csv"),
    "a line of the table left out": (lambda f: leave_out(f, "decisions.csv", -1), "decisions.csv"),
    "a text edited": (
        lambda f: replace(f, "components.jsonl", b"second line", b"another line"),
        "texts of component",
    ),
    "a label edited": (
        lambda f: replace(f, "components.jsonl", b'"value":"compliant"', b'"value":"non-compliant"'),
        "labels of component",
    ),
    "an external id edited": (lambda f: edit(f, "components.jsonl", 0, external_id="TR-9"), "external_id of component"),
    "who wrote a text edited": (
        lambda f: replace(f, "components.jsonl", b'"written_by":"technician"', b'"written_by":"eve"'),
        "texts of component",
    ),
    "a label's text edited": (
        lambda f: replace(f, "components.jsonl", b'"text_number":1', b'"text_number":2'),
        "labels of component",
    ),
    "a label's regulation edited": (
        lambda f: replace(f, "components.jsonl", b'"regulation":"TREY', b'"regulation":"GREY'),
        "labels of component",
    ),
    "a label's model version edited": (
        lambda f: replace(f, "components.jsonl", b'"model_version":"tiny:1"', b'"model_version":"tiny:2"'),
        "labels of component",
    ),
    "the decision of a label edited": (
        lambda f: replace(f, "components.jsonl", b'"decision_id":null', b'"decision_id":1'),
        "labels of component",
    ),
    "a true value written as a number": (lambda f: edit(f, "decisions.jsonl", 0, blind=0), "blind of decision"),
    "a field put into a component": (lambda f: edit(f, "components.jsonl", 0, x=1), "other fields"),
    "a decision's external id edited": (
        lambda f: edit(f, "decisions.jsonl", 0, external_id="TR-9"),
        "external_id of decision",
    ),
    "a decision's regulation edited": (
        lambda f: edit(f, "decisions.jsonl", 0, regulation="GREY"),
        "regulation of decision",
    ),
    "the model of a question edited": (
        lambda f: edit(f, "decisions.jsonl", 4, model_version="tiny:2"),
        "model_version of decision",
    ),
    "the model's answer under a question edited": (
        lambda f: edit(f, "decisions.jsonl", 4, model_label="non-compliant"),
        "model_label of decision",
    ),
    "the prediction under a question left out": (
        lambda f: edit(f, "decisions.jsonl", 4, prediction=None),
        "prediction of decision",
    ),
    "the code of a regulation edited everywhere": (
        lambda f: [
            replace_all(f, name, b"TREY-2019-1", b"TREY-2019-2")
            for name in ("regulations.jsonl", "decisions.jsonl", "decisions.csv", "components.jsonl")
        ],
        "was by another regulation",
    ),
    "a regulation told twice": (
        lambda f: (f / "regulations.jsonl").write_bytes(2 * (f / "regulations.jsonl").read_bytes()),
        "was told of before",
    ),
    "a component left out": (lambda f: leave_out(f, "components.jsonl", 0), "another component"),
    "the last component left out": (lambda f: leave_out(f, "components.jsonl", -1), "is missing"),
    "an event edited": (lambda f: edit(f, "events.jsonl", 3, actor_name="eve"), "was changed"),
    "an event left out": (lambda f: leave_out(f, "events.jsonl", -1), "rows.jsonl"),
    "two events changed places": (lambda f: swap(f, "events.jsonl", 2, 3), "stands in the wrong place"),
    "a row edited": (lambda f: edit_row(f, "components.decision", note="Fine."), "was changed"),
    "a score edited": (lambda f: edit_row(f, "mlops.prediction", score=0.1), "was changed"),
    "a row left out": (lambda f: leave_out(f, "rows.jsonl", 4), "is missing"),
    "a row put in": (
        lambda f: replace(f, "rows.jsonl", b'"key":', b'"key":9'),
        "no event names",
    ),
    "the chain in another order": (lambda f: swap(f, "chain.txt", 2, 3), "should stand here"),
    "a link edited": (lambda f: replace(f, "chain.txt", b"a", b"b"), "does not follow"),
    "a link left out": (lambda f: leave_out(f, "chain.txt", 5), "should stand here"),
    "the tail cut off": (cut_tail, "was cut off"),
    "the end of the chain left out": (lambda f: leave_out(f, "chain.txt", -1), "not where pack.json says"),
    "the chain made anew": (forge_chain, "is not the one that the anchor saw"),
    "an anchor edited": (lambda f: edit(f, "anchors.jsonl", 0, digest="0" * 64), "the anchor saw"),
    "an anchor moved": (move_anchor, "the anchor saw"),
    "a card edited": (lambda f: replace(f, card_of(f, ".md"), b"rule", b"Rule"), "the card was changed"),
    "a card and its manifest edited": (
        lambda f: replace(f, card_of(f, ".json"), b'"threshold": 0.5', b'"threshold": 0.4'),
        "not the registered one",
    ),
    "a model version renamed": (
        lambda f: replace(f, "pack.json", b'"name":"tiny:1"', b'"name":"tiny:2"'),
        "has another name",
    ),
    "the digest of a model version edited": (
        lambda f: replace(f, "pack.json", b'"digest":"sha256:', b'"digest":"sha256:0'),
        "not the registered one",
    ),
    "a model version renamed everywhere": (rename_version, "has another name"),
    "a card rewritten and its manifest left out": (rewrite_card, "the card was changed"),
    "the digest edited and the manifest left out": (
        lambda f: drop_manifest(f, digest="sha256:" + "0" * 64),
        "not the registered one",
    ),
    "a model version put in": (put_in_a_version, "it was put in"),
    "a card under another name": (rename_card, "have other names than they should"),
    "a field put into a model version": (lambda f: edit_version(f, approved_by="the board"), "other fields"),
    "a regulation without its text": (leave_text_out, "other fields"),
    "a field put into a regulation": (lambda f: edit(f, "regulations.jsonl", 0, x=1), "other fields"),
    "a regulation put in": (put_in_a_regulation, "it was put in"),
    "a field put into the scope": (
        lambda f: edit_summary(f, scope=scope_of(f) | {"complete": True}),
        "its scope is none",
    ),
    "a field put into a row": (lambda f: edit(f, "rows.jsonl", 0, x=1), "other fields"),
    "the key of a row as text": (
        lambda f: edit(f, "rows.jsonl", 1, key=str(json.loads(lines_of(f, "rows.jsonl")[1])["key"])),
        "not the numbers",
    ),
    "the event of a row as a broken number": (
        lambda f: replace(f, "rows.jsonl", b',"key"', b'.0,"key"'),
        "not the numbers",
    ),
    "a link written otherwise": (lambda f: replace(f, "chain.txt", b" ", b"  "), "was edited"),
    "the time of an anchor edited": (
        lambda f: edit(f, "anchors.jsonl", 0, at="1999-01-01T00:00:00+00:00"),
        "are of another time",
    ),
    "the last anchor said to be of years later": (
        lambda f: edit(f, "anchors.jsonl", -1, at="2999-01-01T00:00:00+00:00"),
        "are of another time",
    ),
    "a field put into an anchor": (lambda f: edit(f, "anchors.jsonl", 0, x=1), "other fields"),
    "a range said to begin five hours later": (lambda f: put_off(f, "begins", 5), "not those of its days"),
    "a range said to end a minute later": (lambda f: put_off(f, "ends", 1 / 60), "not those of its days"),
    "a count as a broken number": (
        lambda f: replace(f, "pack.json", b'"decisions":6', b'"decisions":6.0'),
        "pack.json",
    ),
    "a pack said to be about another component": (
        lambda f: edit_summary(f, scope={"component": 1}, begins=None, ends=None),
        "not what the pack says it is about",
    ),
    "a pack said to be about another version": (
        lambda f: edit_summary(f, scope={"model_version": "tiny:2"}, begins=None, ends=None),
        "not what the pack says it is about",
    ),
    "a pack said to be about other days": (
        lambda f: edit_summary(f, scope={"from": "2020-01-01", "to": "2020-01-31"}),
        "not those of its days",
    ),
    "a range said to have begun later": (
        lambda f: edit_summary(f, begins=json.loads((f / "pack.json").read_bytes())["ends"]),
        "",
    ),
    "a field put into pack.json": (lambda f: edit_summary(f, approved="by the board"), "other fields"),
    "another form of pack": (lambda f: edit_summary(f, format=1), "another release"),
    "a count edited": (lambda f: edit_summary(f, decisions=1), "pack.json"),
    "a file put in the place of another": (
        lambda f: (f / "rows.jsonl").rename(f / "more.jsonl"),
        "no pack has such a file",
    ),
    "a file put in": (lambda f: (f / "report.txt").write_text("All is well."), "report.txt: no pack has such a file"),
    "a file put in among the cards": (
        lambda f: (f / "model_cards" / "more.md").touch(),
        "model_cards/more.md: no pack has such a file",
    ),
    "a file put in a folder of its own": (
        lambda f: (f / "more" / "deep").mkdir(parents=True) or (f / "more" / "deep" / "file").touch(),
        "more/deep/file: no pack has such a file",
    ),
}


@pytest.mark.parametrize(("tamper", "named"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_forger_who_computes_the_digests_anew_is_found(
    unpacked: Path, tamper: Callable[[Path], object], named: str
) -> None:
    tamper(unpacked)
    digest_anew(unpacked)
    code, words = verify(unpacked)
    assert (code, words[:6], named in words) == (1, "WRONG.", True), words


@pytest.mark.parametrize("name", GUARDED)
def test_a_file_that_is_edited_is_named(unpacked: Path, name: str) -> None:
    trusted = shutil.copytree(unpacked, unpacked.parent / "trusted")
    with (unpacked / name).open("ab") as file:
        file.write(b"\n")
    code, words = verify(unpacked, script=trusted / "verify.py")
    assert (code, words.startswith(f"WRONG. {name}: ")) == (1, True), words


@pytest.mark.parametrize("name", ["more.txt", ".hidden", "model_cards/more.md", "verifier/more.py", "a/b/c"])
def test_a_file_that_is_put_in_is_named(unpacked: Path, name: str) -> None:
    (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
    (unpacked / name).touch()
    assert verify(unpacked) == (1, f"WRONG. {name}: the file is not in DIGESTS; it was put in.\n")


def test_a_link_that_is_put_in_is_named(unpacked: Path) -> None:
    (unpacked / "link").symlink_to(unpacked.parent)
    assert verify(unpacked) == (1, "WRONG. link: the file is not in DIGESTS; it was put in.\n")


def test_a_file_that_is_put_into_the_zip_is_named(unpacked: Path, pack: Callable[..., Pack]) -> None:
    path = pack().path
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("model_cards/deep/more.md", "All is well.")
    code, words = verify(path, script=unpacked / "verify.py")
    assert (code, words) == (1, "WRONG. model_cards/deep/more.md: the file is not in DIGESTS; it was put in.\n")


def test_a_file_that_is_missing_is_named(unpacked: Path) -> None:
    (unpacked / "anchors.jsonl").unlink()
    assert verify(unpacked) == (1, "WRONG. anchors.jsonl: the file is missing.\n")


def test_a_pack_whose_chain_was_made_anew_without_anchors_is_found_by_one_kept_elsewhere(
    unpacked: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes((unpacked / "anchors.jsonl").read_bytes())
    forge_chain(unpacked)
    (unpacked / "anchors.jsonl").write_bytes(b"")
    digest_anew(unpacked)
    assert verify(unpacked)[0] == 0
    code, words = verify(unpacked, "--anchors", str(kept))
    assert (code, "is not the one that the anchor saw" in words) == (1, True), words
