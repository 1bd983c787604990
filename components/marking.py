"""A text with its words marked by what each of them did to the label."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops.contracts import Explanation, Label, WordWeight

LEAST_LOG_ODDS = 0.1
"""What moves the log odds by less than this is not marked: at even odds it is 2.5 % of probability."""

STRENGTHS = (1 / 8, 1 / 3, 2 / 3)
"""From which share of the strongest word on a word is marked faintly, clearly, strongly."""

MOST_IN_TABLE = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. `towards` is the label that it speaks for, empty where it is not marked; strength 1 to 3."""

    text: str
    towards: str = ""
    strength: int = 0


@dataclass(frozen=True, slots=True)
class MarkedWord:
    """One line of the table beside a marked text. `moves` is how far the score moves when the word is left out."""

    text: str
    towards: str
    strength: int
    moves: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in pieces that join to the whole, the strongest words first in `words`, and what was not read."""

    pieces: tuple[Piece, ...]
    words: tuple[MarkedWord, ...]
    unread: str


def mark(explanation: Explanation) -> Marked:
    """The pieces and the strongest words of an explained text."""
    strongest = max((abs(word.log_odds) for word in explanation.words), default=0.0)
    pieces: list[Piece] = []
    at = 0
    for word in explanation.words:
        strength = _strength(word, strongest)
        if strength:
            pieces.append(Piece(explanation.text[at : word.start]))
            pieces.append(Piece(explanation.text[word.start : word.stop], _towards(word), strength))
            at = word.stop
    pieces.append(Piece(explanation.text[at : explanation.read_to]))
    return Marked(
        pieces=tuple(piece for piece in pieces if piece.text),
        words=tuple(_in_table(explanation.words, explanation.text, strongest)),
        unread=explanation.text[explanation.read_to :],
    )


def _in_table(words: Iterable[WordWeight], text: str, strongest: float) -> Iterable[MarkedWord]:
    marked = [word for word in words if _strength(word, strongest)]
    for word in sorted(marked, key=lambda word: -abs(word.log_odds))[:MOST_IN_TABLE]:
        yield MarkedWord(
            text[word.start : word.stop], _towards(word), _strength(word, strongest), -word.weight, word.log_odds
        )


def _towards(word: WordWeight) -> str:
    return (Label.NON_COMPLIANT if word.log_odds > 0 else Label.COMPLIANT).value


def _strength(word: WordWeight, strongest: float) -> int:
    if abs(word.log_odds) < LEAST_LOG_ODDS:
        return 0
    return sum(abs(word.log_odds) >= share * strongest for share in STRENGTHS)
