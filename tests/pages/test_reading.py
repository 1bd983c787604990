"""Where a model stopped reading, found in the text as it was entered."""

import pytest

from components.reading import split_where_reading_ended


@pytest.mark.parametrize(
    ("text", "seen", "read"),
    [
        ("Steel bracket, new, of 1999", "steel bracket , new", "Steel bracket, new, "),
        ("ÉTÉ à São Paulo, later", "ete a sao paulo", "ÉTÉ à São Paulo, "),
        ("one\n\n two   three four", "one | two three", "one\n\n two   three "),
        ("half a word", "half a wo", "half a wo"),
        ("the ﬁnal ﬁx", "the final f", "the ﬁnal "),
        (
            "\u05de\u05d9\u05db\u05dc of steel, new",
            "\u05de\u05d9\u05db\u05dc of steel",
            "\u05de\u05d9\u05db\u05dc of steel, ",
        ),
        ("whole", "whole", "whole"),
        ("whole.", "whole", "whole."),
        ("anything", "", ""),
    ],
)
def test_the_text_is_split_where_the_reading_ended(text: str, seen: str, read: str) -> None:
    assert split_where_reading_ended(text, seen) == (read, text[len(read) :])


def test_a_reading_that_does_not_match_leaves_the_text_whole() -> None:
    assert split_where_reading_ended("a steel bracket", "an iron tray") == ("a steel bracket", "")
