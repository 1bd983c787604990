"""Programs that answer in place of the one that opens bundles, and the real one as the kernel sees it."""

import sys
import time
from pathlib import Path

import pytest

from mlops.runtime import confinement, examiner

READY = "print('{\"ready\": true}', flush=True)\n"


def pretend(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Have `program`, in Python, answer in place of what opens bundles."""
    run = examiner.run

    def run_another(_: object, *arguments: object, **options: object) -> confinement.Outcome:
        return run([sys.executable, "-c", f"import os, signal, sys, time\n{program}"], *arguments, **options)

    monkeypatch.setattr(examiner, "run", run_another)


def has_ended(pid: int) -> bool:
    """Whether that process, which was killed, is gone or waits to be reaped; it may take a moment."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if state_of(pid) in ("", "Z", "X"):
            return True
        time.sleep(0.05)
    return False


def state_of(pid: int) -> str:
    """The letter that proc(5) has for the process's state; empty of one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
