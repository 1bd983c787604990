"""Installations that `manage.py up` runs, as people run it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import PATIENCE_SECONDS
from tests.services import ROOT


@dataclass(frozen=True, slots=True)
class Running:
    """An installation that `manage.py up` runs: its process, its environment, and what it printed until it was up."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    printed: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    @property
    def var(self) -> Path:
        return Path(self.environment["VAR_DIR"])

    def servers(self) -> list[int]:
        """The ids of every process below it."""
        return children_of(self.process.pid)

    def stop(self, number: signal.Signals) -> str:
        """Send it a signal, wait for its end, and return what it printed until then."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        return rest.decode()


def children_of(pid: int) -> list[int]:
    below: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            child = int(status.parent.name)
            below += [child, *children_of(child)]
    return below


@contextmanager
def up(environment: dict[str, str], root: Path = ROOT) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield Running(process, environment, printed_until(process, "Ctrl-C"))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)


def printed_until(process: subprocess.Popen[bytes], mark: str) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.decode())
        if mark in lines[-1]:
            return "".join(lines)
    raise AssertionError("".join(lines))


def passwords(running: Running) -> dict[str, str]:
    roles = "technician|officer|admin|auditor"
    return dict(re.findall(rf"^  ({roles}) +([a-z0-9]{{5}}-[a-z0-9]{{5}}-[a-z0-9]{{5}})$", running.printed, re.M))
