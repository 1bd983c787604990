"""A process that has swapped for months is no larger than one that has swapped for a day."""

import random
from pathlib import Path

from mlops.runtime.reader import Reader
from tests.runtime.tokenizers_of_many_kinds import cleaned_byte_pairs

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAGE = 4096


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def test_tokenizers_that_are_gone_leave_nothing_behind() -> None:
    content = cleaned_byte_pairs().to_str().encode()
    words = random.Random(7)

    def read_with_another() -> None:
        texts = [" ".join("".join(words.choices(LETTERS, k=9)) for _ in range(60)) for _ in range(16)]
        reader = Reader.parse(content, max_tokens=512)
        reader.read(texts)
        reader.read(texts[:1])

    for _ in range(20):
        read_with_another()
    before = resident()
    for _ in range(100):
        read_with_another()
    assert resident() - before < 5_000_000
