"""What can be set, called or run is documented, and what is documented is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from trey_compliance.celery import app

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OURS = ("trey_compliance", "components", "mlops", "audit")


def text_of(*path: str) -> str:
    return ROOT.joinpath(*path).read_text("utf-8")


def settings_read() -> set[str]:
    return set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', text_of("trey_compliance", "settings.py")))


def test_every_setting_and_no_other_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs", "configuration.md"), re.MULTILINE)) == settings_read()


def test_every_setting_and_no_other_is_in_the_example() -> None:
    assert set(re.findall(r"^# ([A-Z_]+)=", text_of(".env.example"), re.MULTILINE)) == settings_read()


def test_every_command_is_documented() -> None:
    commands = {name for name, application in get_commands().items() if application in OURS}

    assert commands == set(re.findall(r"^\| `manage\.py (\w+)", text_of("docs", "operations.md"), re.MULTILINE))


def test_every_task_is_documented() -> None:
    app.loader.import_default_modules()
    tasks = {name for name in app.tasks if name.split(".")[0] in OURS}

    assert tasks == set(re.findall(r"^\| `([a-z_.]+\.tasks\.\w+)`", text_of("docs", "operations.md"), re.MULTILINE))
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= tasks


def test_every_target_of_make_is_explained() -> None:
    makefile = text_of("Makefile")
    phony = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[0].split()

    assert [target for target in phony if not re.search(rf"^# .*\n{target}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_its_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    inside = [link.partition("#")[0] for link in links if not re.match(r"https?:|#", link)]

    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_every_picture_is_shown_on_the_page_of_pages() -> None:
    pictures = {path.name for path in (ROOT / "docs" / "screenshots").glob("*.png")}

    assert pictures - set(re.findall(r"\]\(screenshots/([\w-]+\.png)\)", text_of("docs", "pages.md"))) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_names_no_path_of_one_machine(document: Path) -> None:
    # `/home/` alone is the address of a page; with a name behind it, it is a person's folder.
    folders = r"(?<![\w.])/(?:home/\w|(?:root|work|Users|tmp|opt)/)\S*"
    assert re.findall(folders, document.read_text("utf-8")) == []
