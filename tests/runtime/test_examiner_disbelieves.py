"""What a process that opens a bundle says is believed only where it says it whole, and it leaves nothing behind."""

import json
import signal
import sys
from pathlib import Path

import pytest

from mlops.exceptions import CannotExamine, LoadError
from mlops.runtime import examiner
from mlops.runtime.checks import NAMES
from mlops.runtime.examiner import Limits, examine, score
from tests.bad_bundles import MEMORY
from tests.bundles import write_tiny_bundle
from tests.runtime.examinees import READY, has_ended, pretend

LIMITS = Limits(seconds=60, memory_bytes=MEMORY)
TEXTS = ["steel", "iron"]
LEAVE = "import subprocess; subprocess.Popen(['sleep', '8'], start_new_session=True); "
END_FIRST_THREAD = """
import ctypes, threading
threading.Thread(target=time.sleep, args=[600]).start()
ctypes.CDLL(None).pthread_exit(None)
"""
DOT = "sys.stderr.write('.'); sys.stderr.flush()"
ANSWERS: dict[str, object] = {
    "labels": ["compliant", "compliant"],
    "scores": [0.1, 0.2],
    "latency_ms": [0.0, 1.0],
    "elapsed_ms": [1.0, 1.0],
}
OPENED = '{"check": {"name": "files", "passed": true, "detail": ""}}'


def pretend_to_answer(monkeypatch: pytest.MonkeyPatch, answers: dict[str, object]) -> None:
    lines = json.dumps({"answers": answers}) + "\n" + json.dumps({"peak_bytes": 1})
    pretend(monkeypatch, f"{READY}print({lines!r})")


@pytest.mark.parametrize(
    ("program", "blames"),
    [
        ("sys.exit('no memory to start')", "no memory to start"),
        (f"{READY}os.kill(os.getpid(), signal.SIGKILL)", "killed the process"),
        (
            # Linux has one that forked so wait as for a disk, until the other ends.
            f"{READY}import ctypes; ctypes.CDLL(None).vfork(); time.sleep(600)",
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
        (f"{READY}os.kill(os.getpid(), signal.SIGSTOP)", "after 0.2 s (VERIFY_SECONDS), did nothing any more"),
        (f"{READY}while True: time.sleep(0.5); {DOT}", "after 0.2 s (VERIFY_SECONDS), did nothing any more"),
        (f"{READY}{END_FIRST_THREAD}", "after 0.2 s (VERIFY_SECONDS), did nothing any more"),
        (f"{READY}{LEAVE}os._exit(0)", "did not answer as it should: it ended with status 0"),
    ],
    ids=[
        "rubbish", "what no parser takes", "an end with an error", "an end without a check", "an end before the last",
        "an exception", "a crash", "a signal without a name",
        "an answer without end", "silence", "errors without end", "sleep", "sleep in silence",
        "a halt", "a sign of life now and then", "sleep without its first thread",
        "an end while another holds its pipes",
    ],
)  # fmt: skip
def test_a_process_that_does_not_answer_as_it_should_is_a_failed_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, problem: str
) -> None:
    pretend(monkeypatch, program)
    limits = Limits(0.2 if "after 0.2 s" in problem or LEAVE in program else 20, MEMORY)

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
        {"latency_ms": [1.0, -5.0]},
        {"elapsed_ms": [-1e308, 1.0]},
        {"elapsed_ms": [1.0, 1e308]},
        {"elapsed_ms": [1.0, True]},
        {"labels": {}},
        {"labels": [["compliant"], "compliant"]},
    ],
)
def test_answers_that_cannot_be_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    pretend_to_answer(monkeypatch, ANSWERS | change)
    with pytest.raises(LoadError, match="did not answer as it should"):
        score(tmp_path, "sha256:", TEXTS, limits=LIMITS, alone=2)


def test_answers_that_can_be_are_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_to_answer(monkeypatch, ANSWERS)
    said = score(tmp_path, "sha256:", TEXTS, limits=LIMITS, alone=2)
    assert (said.scores, said.latency_ms, said.elapsed_ms) == ((0.1, 0.2), (0.0, 1.0), (1.0, 1.0))


@pytest.mark.parametrize("peak", ["-5", "true", "1.5", str(2**63), "1" + "0" * 30, "9" * 5000], ids=len)
def test_memory_that_no_process_can_have_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, peak: str
) -> None:
    checks = [{"check": {"name": name, "passed": True, "detail": ""}} for name in NAMES]
    lines = "\n".join([*map(json.dumps, checks), f'{{"peak_bytes": {peak}}}'])
    pretend(monkeypatch, f"{READY}print({lines!r})")

    found = examine(tmp_path, "sha256:", limits=LIMITS)

    assert (found.passed, found.peak_bytes) == (False, 0)
    assert "did not answer as it should" in found.problem


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
