"""Label texts from the command line: for pipes, files and a quick look. Nothing is recorded."""

import argparse
import json
import os
import select
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from mlops.contracts import MAX_TEXT_CHARACTERS, Classification
from mlops.exceptions import ModelError
from mlops.runtime.servable import Servable
from mlops.services import serving

CHUNK_BYTES = 1 << 18
# A character of UTF-8 has at most four bytes: a longer line is over the limit, whatever it says.
LONGEST_LINE_BYTES = 4 * MAX_TEXT_CHARACTERS
PROGRESS_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Label each text given as an argument, else each line of standard input. Writes one JSON object a text, in "
        "their order: text, label, score (the probability of non-compliant) and model_version; and truncated where "
        "the model's limit cut the text. A text that cannot be labelled (blank, or longer than "
        f"{MAX_TEXT_CHARACTERS:,} characters) gives text and error instead, and exit status 1 at the end."
    )
    # Labelling reads one row of the database; the checks would cost more than that.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("texts", nargs="*", metavar="text")
        parser.add_argument(
            "--batch-size", type=_batch_size, default=256, help="texts read, labelled and written at once: 1 to 4096"
        )

    def handle(self, *args: object, texts: list[str], batch_size: int, **options: object) -> None:
        if not texts and sys.stdin is None:
            raise CommandError("There is nothing to label: give texts as arguments, or lines on standard input.")
        if sys.stdout is None:
            raise CommandError("There is nowhere to write the answers: leave standard output open.")
        servable = _champion()
        batches = _batches_of_arguments(texts, batch_size) if texts else _batches_of_lines(batch_size)
        try:
            refused = _write_answers(servable, batches)
        except BrokenPipeError:
            # The reader has seen enough.
            _let_output_go()
            return
        except OSError as error:
            _let_output_go()
            raise CommandError(
                f"Labelling broke off ({error.strerror}): see that the texts can be read and that there is room where "
                "the answers go."
            ) from error
        except ModelError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            sys.exit(130)
        if refused:
            raise CommandError(f"{refused:,} of the texts could not be labelled: see their error in the output.")


def _let_output_go() -> None:
    """Python would complain at exit when it flushes what could not be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _batch_size(text: str) -> int:
    size = int(text)
    if not 1 <= size <= 4096:
        raise argparse.ArgumentTypeError("a batch has 1 to 4096 texts")
    return size


def _champion() -> Servable:
    try:
        return serving.load_champion(threads=os.cpu_count() or 1)
    except ModelError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(
            f"The database cannot be read ({str(error).strip()}): see that it runs and has been migrated."
        ) from error


def _batches_of_arguments(texts: list[str], size: int) -> Iterator[list[str]]:
    # Bytes of an argument that are not UTF-8 arrive as lone surrogates.
    cleaned = (text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for text in texts)
    while batch := list(islice(cleaned, size)):
        yield batch


def _batches_of_lines(size: int) -> Iterator[list[str]]:
    """Batches of at most `size` lines; a smaller one whenever the writer pauses, so that it is answered at once."""
    descriptor = sys.stdin.fileno()
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


def _write_answers(servable: Servable, batches: Iterable[list[str]]) -> int:
    """How many texts were refused. Each batch is written out before the next is read."""
    output = sys.stdout.buffer
    progress = _Progress()
    refused = 0
    for batch in batches:
        problems = [_problem(text) for text in batch]
        answers = iter(servable.classify([text for text, problem in zip(batch, problems, strict=True) if not problem]))
        for text, problem in zip(batch, problems, strict=True):
            answer = {"text": text[:MAX_TEXT_CHARACTERS], "error": problem} if problem else _answer(next(answers))
            output.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        output.flush()
        refused += sum(map(bool, problems))
        progress.add(len(batch))
    progress.finish()
    return refused


def _problem(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        return f"The text has more than {MAX_TEXT_CHARACTERS:,} characters: shorten it."
    if not any(character.isprintable() and not character.isspace() for character in text):
        return "The text is blank."
    if "\0" in text:
        return "The text holds a NUL character: remove it."
    return ""


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
