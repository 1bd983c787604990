"""A bundle is given processor time: that a machine is busy is no fault of it, and nothing computes for nobody."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mlops.runtime import confinement, examiner
from mlops.runtime.bundle import read
from mlops.runtime.examiner import Limits, examine
from tests.bad_bundles import MEMORY, bad_bundles
from tests.bundles import write_tiny_bundle
from tests.runtime.examinees import READY, has_ended, pretend
from tests.services import ROOT

TENTH = 0.005, 0.045
"""Seconds that a process may run, and then may not, again and again."""


def run_in_turns(pidfd: int, runs: float, halts: float) -> None:
    with suppress(ProcessLookupError):
        while True:
            signal.pidfd_send_signal(pidfd, signal.SIGSTOP)
            time.sleep(halts)
            signal.pidfd_send_signal(pidfd, signal.SIGCONT)
            time.sleep(runs)


@pytest.fixture
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that gives the processes that open bundles a tenth of a processor."""
    start, threads = confinement._start, []

    def start_in_turns(*arguments: object) -> subprocess.Popen[bytes]:
        process = start(*arguments)
        pidfd = os.pidfd_open(process.pid)
        threads.append((threading.Thread(target=run_in_turns, args=[pidfd, *TENTH]), pidfd))
        threads[-1][0].start()
        return process

    monkeypatch.setattr(confinement, "_start", start_in_turns)
    yield
    for thread, pidfd in threads:
        thread.join()
        os.close(pidfd)


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[confinement.Outcome]:
    """How the processes ended that have opened bundles."""
    run, ended = examiner.run, []

    def kept(*arguments: object, **options: object) -> confinement.Outcome:
        ended.append(run(*arguments, **options))
        return ended[-1]

    monkeypatch.setattr(examiner, "run", kept)
    return ended


def test_a_sound_bundle_passes_on_a_machine_that_gives_it_a_tenth_of_a_processor(
    tmp_path: Path, busy_machine: None
) -> None:
    bundle = read(write_tiny_bundle(tmp_path / "bundle"))

    found = examine(bundle.path, bundle.digest, limits=Limits(0.5, MEMORY))

    assert found.problem == ""
    assert found.seconds > 0.5


def test_each_thread_has_the_seconds_for_itself(tmp_path: Path, outcomes: list[confinement.Outcome]) -> None:
    endless = bad_bundles()["a load that hangs"].parts
    bundle = read(write_tiny_bundle(tmp_path / "bundle", **endless))

    found = examine(bundle.path, bundle.digest, limits=Limits(1, MEMORY), threads=2)

    assert "was not done after 1 s of processor time" in found.problem
    (outcome,) = outcomes
    assert outcome.processor_seconds > 1.6


def test_where_the_kernel_does_not_tell_the_time_on_the_clock_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcomes: list[confinement.Outcome]
) -> None:
    def tells_nothing(stat: Path) -> list[str]:
        raise FileNotFoundError(stat)

    monkeypatch.setattr(confinement, "_after_name", tells_nothing)
    pretend(monkeypatch, f"{READY}time.sleep(600)")

    found = examine(tmp_path, "sha256:", limits=Limits(0.3, MEMORY))

    assert "was not done after 0.3 s of processor time" in found.problem
    assert outcomes[0].processor_seconds < 0.3 < outcomes[0].seconds


ASK = """
import sys
from pathlib import Path
from mlops.runtime.examiner import Limits, examine
examine(Path(sys.argv[1]), sys.argv[2], limits=Limits(600, int(sys.argv[3])))
"""


def child_of(pid: int) -> int:
    """A process that it started; 0 where there is none yet."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                return int(stat.parent.name)
    return 0


def computed_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(look: Callable[[], int]) -> int:
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("seconds", [0, 1.5], ids=["as soon as it is there", "while it computes"])
def test_a_process_does_not_outlive_who_asked_whatever_ended_that(tmp_path: Path, seconds: float) -> None:
    endless = bad_bundles()["an answer that never comes"].parts
    bundle = read(write_tiny_bundle(tmp_path / "bundle", **endless))
    asking = subprocess.Popen([sys.executable, "-c", ASK, str(bundle.path), bundle.digest, str(MEMORY)], cwd=ROOT)
    child = 0
    try:
        child = until(lambda: child_of(asking.pid))
        until(lambda: computed_seconds(child) >= seconds)
        asking.kill()
        asking.wait()
        assert has_ended(child)
    finally:
        asking.kill()
        asking.wait()
        if child:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
