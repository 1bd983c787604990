"""Long documents as pages show them: their beginning, and a word on how much there is besides."""

import json
from collections.abc import Iterable
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

MOST_CHARACTERS: Final = 50_000


def text_document(text: str, *, file: str = "") -> SafeString:
    """A text as it was written; `file` is where the whole lies, for those who miss the rest."""
    return _shown([text], text, file)


def json_document(value: object, *, file: str = "", sort: bool = False) -> SafeString:
    """JSON for people: indented, in the alphabet it was written in."""
    # Piece by piece: to indent all of 8 MiB takes seconds.
    pieces = json.JSONEncoder(indent=2, ensure_ascii=False, sort_keys=sort).iterencode(value)
    return _shown(pieces, value, file)


def _shown(pieces: Iterable[str], whole: object, file: str) -> SafeString:
    beginning = _beginning(pieces)
    shown = format_html('<pre class="document" tabindex="0">{}</pre>', beginning[:MOST_CHARACTERS])
    if len(beginning) <= MOST_CHARACTERS:
        return shown
    text = whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False)
    where = format_html(": it is <code>{}</code>", file) if file else ""
    left_out = format_html(
        "Only the first {} characters are shown. The whole has {} bytes{}.",
        f"{MOST_CHARACTERS:,}",
        f"{len(text.encode('utf-8', 'replace')):,}",
        where,
    )
    return format_html('{}<p class="quiet">{}</p>', shown, left_out)


def _beginning(pieces: Iterable[str]) -> str:
    """One character more than is shown, where there are more."""
    taken: list[str] = []
    room = MOST_CHARACTERS + 1
    for piece in pieces:
        taken.append(piece[:room])
        room -= len(taken[-1])
        if not room:
            break
    return "".join(taken)
