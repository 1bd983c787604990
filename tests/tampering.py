"""What others may do to the files of a bundle that lies in a directory of theirs."""

import os
import shutil
from pathlib import Path

from mlops.runtime.bundle import LARGEST
from tests.bundles import reseal, write_tiny_bundle


def truncate(files: Path) -> None:
    (files / "model.onnx").write_bytes((files / "model.onnx").read_bytes()[:-1])


def lengthen(files: Path) -> None:
    (files / "model.onnx").write_bytes((files / "model.onnx").read_bytes() + b"\0")


def exchange_a_byte(files: Path) -> None:
    content = bytearray((files / "model.onnx").read_bytes())
    content[-1] ^= 1
    (files / "model.onnx").write_bytes(content)


def change_the_manifest(files: Path) -> None:
    reseal(files, {"threshold": 0.9})


def lose(files: Path) -> None:
    (files / "tokenizer.json").unlink()


def add(files: Path) -> None:
    (files / "run.py").write_text("print()")


def add_a_folder(files: Path) -> None:
    (files / "more").mkdir()


def write_in_capitals(files: Path) -> None:
    (files / "card.md").rename(files / "CARD.md")


def lead_elsewhere(files: Path) -> None:
    shutil.move(files / "card.md", files.parent / "card.md")
    (files / "card.md").symlink_to(files.parent / "card.md")


def swell(files: Path) -> None:
    os.truncate(files / "card.md", LARGEST["card.md"] + 1)


def exchange(files: Path) -> None:
    other = write_tiny_bundle(files.parent / "other", version="1", scale=2.0)
    shutil.rmtree(files)
    other.rename(files)


def forget_the_digest(files: Path) -> None:
    (files / "DIGEST").write_text("sha256:none\n")
