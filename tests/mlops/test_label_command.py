"""`manage.py label`: one JSON object a text, in order, in a pipe, in constant memory."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, write_tiny_bundle
from tests.processes import environment_of, manage
from tests.services import ROOT

COMMAND = (sys.executable, "manage.py", "label")


@pytest.fixture(scope="module")
def without_a_champion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `VAR_DIR` of an installation that has no model."""
    var = tmp_path_factory.mktemp("empty") / "var"
    assert manage("migrate", "-v0", environment=environment_of(var)).returncode == 0
    return var


@pytest.fixture(scope="module")
def environment(without_a_champion: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An installation whose champion is the tiny model."""
    directory = tmp_path_factory.mktemp("label")
    environment = environment_of(shutil.copytree(without_a_champion, directory / "var"))
    bundle = write_tiny_bundle(directory / "bundle")
    assert manage("install_starter_model", str(bundle), environment=environment).returncode == 0
    return environment


def answers(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_arguments_give_label_score_and_version(environment: dict[str, str]) -> None:
    run = manage("label", NON_COMPLIANT_TEXT, COMPLIANT_TEXT, environment=environment)

    bad, good = answers(run.stdout)
    assert run.returncode == 0
    assert list(bad) == ["text", "label", "score", "model_version"]
    assert (bad["text"], bad["label"], bad["model_version"]) == (NON_COMPLIANT_TEXT, "non-compliant", "tiny:1")
    assert (good["text"], good["label"]) == (COMPLIANT_TEXT, "compliant")
    assert bad["score"] > 0.5 > good["score"]  # type: ignore[operator]


@pytest.mark.parametrize("batch_size", ["1", "7", "4096"])
def test_lines_come_out_in_their_order_whatever_the_batch(environment: dict[str, str], batch_size: str) -> None:
    lines = [f"steel component {number} {'iron' * (number % 2)} größer 🚗" for number in range(50)]

    run = manage("label", "--batch-size", batch_size, environment=environment, given="\n".join(lines).encode())

    assert [answer["text"] for answer in answers(run.stdout)] == lines


def test_lines_that_are_no_text_are_answered_with_an_error_and_the_others_labelled(environment: dict[str, str]) -> None:
    given = b"\n".join([b"steel", b"", b"nul \0", b"x" * 50_000, b"not \xff utf-8", b"iron\r", b"last"])

    run = manage("label", environment=environment, given=given)

    found = answers(run.stdout)
    assert run.returncode == 1
    assert ["error" in answer for answer in found] == [False, True, True, True, False, False, False]
    assert [answer["text"] for answer in found[4:]] == ["not \ufffd utf-8", "iron", "last"]
    assert "3 of the texts" in run.stderr


@pytest.mark.parametrize("size", ["0", "4097", "many"])
def test_a_batch_size_that_cannot_be_is_refused(environment: dict[str, str], size: str) -> None:
    assert manage("label", "--batch-size", size, "steel", environment=environment).returncode == 2


def test_without_a_champion_it_says_what_to_do(without_a_champion: Path) -> None:
    run = manage("label", "steel", environment=environment_of(without_a_champion))

    assert run.returncode == 1
    assert "install_starter_model" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_line_is_answered_before_the_next_one_is_written(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("steel", "iron"):
            process.stdin.write(f"{text}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_reader_that_has_seen_enough_ends_it_quietly(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"steel\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"iron\n" * 1000)
        process.stdin.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_a_hundred_thousand_lines_take_no_more_memory_than_a_thousand(
    environment: dict[str, str], tmp_path: Path
) -> None:
    few, many = (_peak_kilobytes(environment, tmp_path / str(count), count) for count in (1_000, 100_000))

    assert many <= 1.15 * few


def _peak_kilobytes(environment: dict[str, str], file: Path, lines: int) -> int:
    file.write_text("".join(f"good condition steel component {number}\n" for number in range(lines)))
    answered = file.with_suffix(".out")
    with file.open("rb") as given, answered.open("wb") as output:
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment, stdin=given, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert answered.read_bytes().count(b"\n") == lines
    return usage.ru_maxrss


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def test_progress_is_shown_on_a_terminal(
    environment: dict[str, str], terminal: tuple[int, int], tmp_path: Path
) -> None:
    ours, theirs = terminal
    given, output = tmp_path / "texts", tmp_path / "answers"
    given.write_text("steel component in good condition\n" * 60_000)
    with given.open("rb") as texts, output.open("wb") as answered:
        run = subprocess.run(
            COMMAND, cwd=ROOT, env=environment, stdin=texts, stdout=answered, stderr=theirs, check=True
        )
    os.close(theirs)

    shown = os.read(ours, 65_536).decode()
    assert run.returncode == 0
    assert "texts" in shown
    assert "a second" in shown
