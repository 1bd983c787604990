"""Label a stream of texts: lines in, one JSON object a text out, in their order and in constant memory."""

import json
import os
import select
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TextIO

from mlops.contracts import MAX_TEXT_CHARACTERS, Classification, problem_with
from mlops.runtime.servable import Servable

CHUNK_BYTES = 1 << 18
# A character of UTF-8 has at most four bytes: a longer line is over the limit, whatever it says.
LONGEST_LINE_BYTES = 4 * MAX_TEXT_CHARACTERS
PROGRESS_SECONDS = 0.5


def batches_of_arguments(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Batches of at most `size` of the words of a command line."""
    # Bytes of an argument that are not UTF-8 arrive as lone surrogates.
    cleaned = (text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for text in texts)
    while batch := list(islice(cleaned, size)):
        yield batch


def batches_of_lines(stream: TextIO, size: int) -> Iterator[list[str]]:
    """Batches of at most `size` lines; a smaller one whenever the writer pauses, so that it is answered at once."""
    descriptor = stream.fileno()
    waiting: list[str] = []
    for lines in _lines_as_they_come(descriptor):
        waiting += lines
        while len(waiting) >= size:
            yield waiting[:size]
            del waiting[:size]
        if waiting and not select.select([descriptor], [], [], 0)[0]:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _lines_as_they_come(descriptor: int) -> Iterator[list[str]]:
    """The whole lines of each chunk that can be read; of a line that is far too long, only its beginning is kept."""
    rest = b""
    while chunk := os.read(descriptor, CHUNK_BYTES):
        *lines, end = chunk.split(b"\n")
        if lines:
            lines[0] = rest + lines[0]
            rest = b""
        rest = (rest + end)[: LONGEST_LINE_BYTES + 1]
        yield [_text(line) for line in lines]
    if rest:
        yield [_text(rest)]


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")


def write_answers(servable: Servable, batches: Iterable[Sequence[str]], output: BinaryIO) -> int:
    """Label the texts and write the answers; how many texts were refused.

    Each batch is written out before the next is read. Raises ModelError, and OSError of either stream.
    """
    progress = _Progress()
    refused = 0
    for batch in batches:
        problems = [problem_with(text) for text in batch]
        answers = iter(servable.classify([text for text, problem in zip(batch, problems, strict=True) if not problem]))
        for text, problem in zip(batch, problems, strict=True):
            answer = _refusal(text, problem.sentence) if problem else _answer(next(answers))
            output.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        output.flush()
        refused += sum(problem is not None for problem in problems)
        progress.add(len(batch))
    progress.finish()
    return refused


def _refusal(text: str, sentence: str) -> dict[str, object]:
    return {"text": text[:MAX_TEXT_CHARACTERS], "error": sentence}


def _answer(classification: Classification) -> dict[str, object]:
    answer: dict[str, object] = {
        "text": classification.text,
        "label": classification.label.value,
        "score": classification.score,
        "model_version": classification.model_version,
    }
    return answer | {"truncated": True} if classification.truncated else answer


class _Progress:
    """A count on standard error while it is a terminal and the answers go elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty() and not sys.stdout.isatty()
        self._count = 0
        self._began = self._last = time.monotonic()

    def add(self, count: int) -> None:
        self._count += count
        now = time.monotonic()
        if self._shown and now - self._last >= PROGRESS_SECONDS:
            self._last = now
            rate = self._count / (now - self._began)
            print(f"\r{self._count:,} texts, {rate:,.0f} a second", end="", file=sys.stderr, flush=True)  # noqa: T201

    def finish(self) -> None:
        if self._shown and self._last > self._began:
            print(f"\r{self._count:,} texts labelled" + " " * 20, file=sys.stderr, flush=True)  # noqa: T201
