"""A tiny grammar: literal text, `{slot}`s to be filled and `[one|of|these]`, which may nest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

Item = TypeVar("Item")
Fill = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Pattern", ...]


Pattern = tuple["str | Slot | Choice", ...]


def pick(rng: Random, items: Sequence[Item]) -> Item:
    """One of `items`, each as likely; several times faster than `Random.choice`."""
    return items[int(rng.random() * len(items))]


def compile_pattern(source: str) -> Pattern:
    """Parse `source`; ValueError where brackets or braces do not match."""
    pattern, end = _parse(source, 0, nested=False)
    if end != len(source):
        raise ValueError(f"unbalanced bracket at {end} in {source!r}")
    return pattern


def _parse(source: str, start: int, *, nested: bool) -> tuple[Pattern, int]:
    nodes: list[str | Slot | Choice] = []
    position = start
    while position < len(source):
        mark = source[position]
        if nested and mark in "|]":
            return tuple(nodes), position
        if mark == "{":
            end = source.index("}", position)
            nodes.append(Slot(source[position + 1 : end]))
            position = end + 1
        elif mark == "[":
            choice, position = _parse_choice(source, position + 1)
            nodes.append(choice)
        elif mark in "]}":
            raise ValueError(f"unbalanced {mark!r} at {position} in {source!r}")
        else:
            end = min(
                (found for stop in "{[]}|" if (found := source.find(stop, position + 1)) > 0), default=len(source)
            )
            nodes.append(source[position:end])
            position = end
    if nested:
        raise ValueError(f"bracket never closed in {source!r}")
    return tuple(nodes), position


def _parse_choice(source: str, start: int) -> tuple[Choice, int]:
    options: list[Pattern] = []
    position = start
    while True:
        option, position = _parse(source, position, nested=True)
        options.append(option)
        if source[position] == "]":
            return Choice(tuple(options)), position + 1
        position += 1


def render(pattern: Pattern, rng: Random, fill: Fill) -> str:
    """The text of one way through `pattern`; `fill` answers what stands in a slot."""
    parts: list[str] = []
    for node in pattern:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Slot):
            parts.append(fill(node.name))
        else:
            parts.append(render(pick(rng, node.options), rng, fill))
    return "".join(parts)
