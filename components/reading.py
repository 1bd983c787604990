"""Which part of a description a model has read."""

import unicodedata


def split_where_reading_ended(text: str, text_seen: str) -> tuple[str, str]:
    """`text` as the part that `text_seen` comes from and the rest, found by their letters and digits.

    A model's normaliser may change case, accents, spaces and punctuation. Where it changes more, so that the
    two do not match, the place is not known: all of `text` and an empty rest.
    """
    wanted = _letters(text_seen)
    found = 0
    for index, character in enumerate(text):
        letters = _letters(character)
        if found == len(wanted) and letters:
            return text[:index], text[index:]
        if not wanted.startswith(letters, found):
            # A model may stop within a character that stands for several letters.
            return (text[:index], text[index:]) if letters.startswith(wanted[found:]) else (text, "")
        found += len(letters)
    return text, ""


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in folded if character.isalnum())
