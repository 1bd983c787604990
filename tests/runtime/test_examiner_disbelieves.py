"""What a process that opens a bundle says is believed only where it says it whole, and it leaves nothing behind."""

import json
import signal
import sys
from pathlib import Path

import pytest

from mlops.exceptions import CannotExamine, LoadError
from mlops.runtime import examiner
from mlops.runtime.examiner import Limits, examine, score
from tests.bad_bundles import MEMORY
from tests.bundles import write_tiny_bundle
from tests.runtime.examinees import READY, has_ended, pretend

LIMITS = Limits(seconds=60, memory_bytes=MEMORY)
TEXTS = ["steel", "iron"]
OPENED = '{"check": {"name": "files", "passed": true, "detail": ""}}'


@pytest.mark.parametrize(
    ("program", "blames"),
    [
        ("sys.exit('no memory to start')", "no memory to start"),
        (f"{READY}os.kill(os.getpid(), signal.SIGKILL)", "killed the process"),
        (
            f"{READY}os.kill(os.getpid(), signal.SIGSTOP)",
            "was too busy: in 2 s it let the process .* compute for 0",
        ),
    ],
    ids=["it does not start", "the machine kills it", "the machine does not run it"],
)
def test_what_is_the_fault_of_the_machine_is_laid_to_no_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, blames: str
) -> None:
    pretend(monkeypatch, program)
    for ask in (
        lambda: examine(tmp_path, "sha256:", limits=Limits(0.1, MEMORY)),
        lambda: score(tmp_path, "sha256:", TEXTS, limits=Limits(0.1, MEMORY)),
    ):
        with pytest.raises(CannotExamine, match=blames):
            ask()


def test_a_process_that_never_starts_is_laid_to_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "START_SECONDS", 0.5)
    pretend(monkeypatch, "time.sleep(60)")
    with pytest.raises(CannotExamine, match="did not start within its limits: it was ended by SIGKILL"):
        examine(tmp_path, "sha256:", limits=LIMITS)


def test_a_machine_that_starts_no_process_is_laid_to_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(CannotExamine, match="No process could be started"):
        examine(tmp_path, "sha256:", limits=LIMITS)


def test_too_little_memory_to_start_with_is_laid_to_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(CannotExamine, match="VERIFY_MEMORY_BYTES"):
        examine(write_tiny_bundle(tmp_path / "bundle"), "sha256:", limits=Limits(60, 64 * 1024**2))


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        (f"{READY}print('rubbish')", "did not answer as it should: it ended with status 0"),
        (f"{READY}print('[' * 100_000)", "did not answer as it should"),
        (f"{READY}print('{{\"peak_bytes\": 1}}'); sys.exit(3)", "it ended with status 3"),
        (f"{READY}print('{{\"peak_bytes\": 1}}')", "did not answer as it should: it ended with status 0"),
        (f"{READY}print({OPENED!r}); print('{{\"peak_bytes\": 1}}')", "as it should: it ended with status 0"),
        (f"{READY}sys.exit('the last word')", "it ended with status 1 (the last word)"),
        (f"{READY}os.kill(os.getpid(), {int(signal.SIGSEGV)})", "it was ended by SIGSEGV"),
        (f"{READY}os.kill(os.getpid(), 40)", "it was ended by signal 40"),
        (f"{READY}\nwhile True: print('x' * 65536)", "said more than"),
        (f"{READY}os.close(1); os.close(2)\nwhile True: pass", "was not done after 0.2 s of processor time"),
        (f"{READY}while True: sys.stderr.write('x' * 65536)", "was not done after 0.2 s of processor time"),
        (f"{READY}time.sleep(600)", "was not done after 0.2 s (VERIFY_SECONDS), did nothing any more"),
        (f"{READY}os.close(1); os.close(2); time.sleep(600)", "after 0.2 s (VERIFY_SECONDS), did nothing any more"),
    ],
    ids=[
        "rubbish", "what no parser takes", "an end with an error", "an end without a check", "an end before the last",
        "an exception", "a crash", "a signal without a name",
        "an answer without end", "silence", "errors without end", "sleep", "sleep in silence",
    ],
)  # fmt: skip
def test_a_process_that_does_not_answer_as_it_should_is_a_failed_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, problem: str
) -> None:
    pretend(monkeypatch, program)
    limits = Limits(0.2 if "after 0.2 s" in problem else 20, MEMORY)

    found = examine(tmp_path, "sha256:", limits=limits)

    assert not found.passed
    assert problem in found.problem
    with pytest.raises(LoadError) as refusal:
        score(tmp_path, "sha256:", TEXTS, limits=limits)
    assert problem in str(refusal.value)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["compliant"]},
        {"labels": ["compliant", "maybe"]},
        {"scores": [0.1, 1.5]},
        {"scores": [0.1, float("nan")]},
        {"scores": [0.1, None]},
        {"latency_ms": []},
        {"latency_ms": [float("inf"), 1.0]},
        {"elapsed_ms": [1.0]},
        {"labels": {}},
        {"labels": [["compliant"], "compliant"]},
    ],
)
def test_answers_that_cannot_be_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    times = {"latency_ms": [1.0, 1.0], "elapsed_ms": [1.0, 1.0]}
    answers = {"labels": ["compliant", "compliant"], "scores": [0.1, 0.2], **times, **change}
    lines = json.dumps({"answers": answers}) + "\n" + json.dumps({"peak_bytes": 1})
    pretend(monkeypatch, f"{READY}print({lines!r})")
    with pytest.raises(LoadError, match="did not answer as it should"):
        score(tmp_path, "sha256:", ["a", "b"], limits=LIMITS)


def test_what_it_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting = tmp_path / "lasting"
    program = f"""
import subprocess
one = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({str(lasting)!r}, "w").write(str(one.pid))
{READY}
while True: pass
"""
    pretend(monkeypatch, program)

    assert "was not done" in examine(tmp_path, "sha256:", limits=Limits(0.2, MEMORY)).problem

    assert has_ended(int(lasting.read_text()))
