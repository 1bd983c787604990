"""The front-end files of others: unchanged, licensed, and recorded."""

import base64
import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent.parent / "static" / "vendor"
OF_NPM = {"package.json", "package-lock.json", "checksums.json", ".npmrc"}


def test_the_files_are_those_that_were_recorded() -> None:
    recorded = json.loads((VENDOR / "checksums.json").read_text("utf-8"))
    present = {str(path.relative_to(VENDOR)): path for path in VENDOR.rglob("*") if path.is_file()}
    found = {
        name: "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for name, path in present.items()
        if name not in OF_NPM
    }
    assert found == recorded


def test_each_comes_with_its_licence() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert "licen" in (folder / "LICENSE").read_text("utf-8").lower()


def test_the_lock_names_no_address() -> None:
    assert "resolved" not in (VENDOR / "package-lock.json").read_text("utf-8")


def test_the_stylesheet_asks_for_nothing_that_is_not_there() -> None:
    sheet = VENDOR.parent / "css" / "app.css"
    named = [part.split('"')[0] for part in sheet.read_text("utf-8").split('url("')[1:]]
    assert named
    for name in named:
        assert (sheet.parent / name).resolve().is_file()
