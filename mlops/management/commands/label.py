"""Label texts from the command line: for pipes, files and a quick look. Nothing is recorded."""

import argparse
import os
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from mlops.contracts import MAX_TEXT_CHARACTERS
from mlops.exceptions import ModelError
from mlops.runtime.servable import Servable
from mlops.services import serving, streaming


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
        if texts:
            batches = streaming.batches_of_arguments(texts, batch_size)
        else:
            batches = streaming.batches_of_lines(sys.stdin, batch_size)
        try:
            refused = streaming.write_answers(servable, batches, sys.stdout.buffer)
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
