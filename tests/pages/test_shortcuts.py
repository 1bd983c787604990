"""The help on the keyboard names every key that a page gives to a link, a button or a field."""

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
HELP = (TEMPLATES / "_shortcuts.html").read_text()
GIVEN = {key for page in TEMPLATES.rglob("*.html") for key in re.findall(r'data-shortcut="([^"]+)"', page.read_text())}


def test_every_key_of_a_page_stands_in_the_help() -> None:
    told = set(re.findall(r"<kbd>([^<]+)</kbd>", HELP))
    assert {"h", "n", "r", "u"} <= GIVEN
    assert told >= GIVEN
