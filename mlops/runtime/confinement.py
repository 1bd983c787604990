"""Run a program that may hang, crash, or talk without end, and come back in time with what it said."""

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from mlops.exceptions import CannotExamine

MOST_ERROR_BYTES: Final = 4096
CHUNK_BYTES: Final = 1 << 16
PAUSE_SECONDS: Final = 0.02
LOOKS: Final = 10
LOOK_SECONDS: Final = 0.1
"""One that is found asleep so often in a row, so far apart, waits for nothing that would come by itself."""


class End(Enum):
    """How a program came to its end."""

    BY_ITSELF = "it ended"
    OUT_OF_TIME = "it was stopped: its processor time was over"
    ASLEEP = "it was stopped: it did nothing any more"
    KEPT_WAITING = "it was stopped: the machine kept it from its work"
    TOO_TALKATIVE = "it was stopped: it said too much"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a program has to write its first line (`to_start`), and how many from then on.

    `computing` are of processor time, of all its threads together. The others are on the clock: `asleep` for one that
    sleeps, of which no thread has anything to do for a processor or a disk; `at_most` for one that has, and is kept
    from it.
    """

    to_start: float
    computing: float
    asleep: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program said and how it ended. `status` is its exit status, or the signal's number below 0.

    `errors` is the end of what it wrote to standard error. `began` says whether it wrote a line at all. `seconds` is
    its wall time from that line on, `processor_seconds` what all of it computed.
    """

    end: End
    status: int
    output: bytes
    errors: bytes
    began: bool
    seconds: float
    processor_seconds: float


@dataclass(slots=True)
class _Heard:
    output: bytearray = field(default_factory=bytearray)
    errors: bytes = b""
    began: float | None = None

    def answer(self, chunk: bytes) -> None:
        self.output += chunk

    def error(self, chunk: bytes) -> None:
        self.errors = (self.errors + chunk)[-MOST_ERROR_BYTES:]


def run(
    program: Sequence[str],
    question: bytes,
    *,
    environment: Mapping[str, str],
    patience: Patience,
    most_bytes: int,
) -> Outcome:
    """Run `program` with `question` on its standard input, in a session and an empty environment of its own.

    It may write `most_bytes` to standard output, and is ended when `patience` is. Whatever it started is killed with
    it. Raises CannotExamine where it cannot be started.
    """
    started = time.monotonic()
    process = _start(program, question, environment)
    heard = _Heard()
    try:
        end = _listen(process, heard, _Watch(process.pid, patience), most_bytes)
    finally:
        # Before it is waited for: until then nobody else can have been given its number. Of a group that has ended
        # already, some kernels say that it may not be killed.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    return Outcome(
        end=end,
        status=process.returncode,
        output=bytes(heard.output),
        errors=heard.errors,
        began=heard.began is not None,
        seconds=time.monotonic() - (started if heard.began is None else heard.began),
        processor_seconds=usage.ru_utime + usage.ru_stime,
    )


def _start(program: Sequence[str], question: bytes, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        # A file and no pipe: a child that does not listen would block the writer.
        with tempfile.TemporaryFile() as asked:
            asked.write(question)
            asked.seek(0)
            return subprocess.Popen(  # noqa: S603  the program is ours
                program,
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                cwd=Path(os.sep),
                start_new_session=True,
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotExamine(f"No process could be started: {error}. Try again when the machine has room.") from error


def _listen(process: subprocess.Popen[bytes], heard: _Heard, watch: "_Watch", most_bytes: int) -> End:
    with selectors.DefaultSelector() as selector:
        for stream, hear in ((process.stdout, heard.answer), (process.stderr, heard.error)):
            if stream is not None:
                selector.register(stream.fileno(), selectors.EVENT_READ, hear)
        while selector.get_map():
            _hear(selector, watch)
            if heard.began is None and b"\n" in heard.output:
                heard.began = watch.begin()
            if len(heard.output) > most_bytes:
                return End.TOO_TALKATIVE
            if end := watch.over():
                return end
    return _wait(process.pid, watch)


def _hear(selector: selectors.BaseSelector, watch: "_Watch") -> None:
    for key, _ in selector.select(watch.pause()):
        chunk = os.read(key.fd, CHUNK_BYTES)
        key.data(chunk)
        watch.wakes()
        if not chunk:
            selector.unregister(key.fd)


def _wait(pid: int, watch: "_Watch") -> End:
    """Wait for the end of a process that says no more, and leave it to be reaped."""
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if end := watch.over():
            return end
        time.sleep(PAUSE_SECONDS)
    return End.BY_ITSELF


class _Watch:
    """Says when the patience with a process is over."""

    def __init__(self, pid: int, patience: Patience) -> None:
        self._pid = pid
        self._patience = patience
        self._start = time.monotonic()
        self._began: float | None = None
        self._computed_before = 0.0
        self._next_look = self._start + patience.to_start
        self._found_asleep = 0

    def begin(self) -> float:
        """The time, which is that of its first line."""
        self._began = self._next_look = time.monotonic()
        self._computed_before = self._computed()
        return self._began

    def wakes(self) -> None:
        """It said something: if it slept, it was because nobody listened."""
        self._found_asleep = 0

    def pause(self) -> float:
        """How many seconds from now there will be something to look after."""
        return max(0.0, self._next_look - time.monotonic())

    def over(self) -> End | None:
        """What the process is to be stopped for; None of one that may go on."""
        now = time.monotonic()
        if now < self._next_look:
            return None
        if self._began is None:
            return End.KEPT_WAITING
        self._next_look = now + min(LOOK_SECONDS, self._patience.computing)
        if self._computed() - self._computed_before >= self._patience.computing:
            return End.OUT_OF_TIME
        passed = now - self._began
        if passed >= self._patience.asleep:
            self._found_asleep = self._found_asleep + 1 if _sleeps(self._pid) else 0
        if self._found_asleep >= LOOKS:
            return End.ASLEEP
        return End.KEPT_WAITING if passed >= self._patience.at_most else None

    def _computed(self) -> float:
        """Seconds of processor time of the process; all that passed where the kernel does not tell: only Linux does."""
        try:
            fields = _after_name(Path(f"/proc/{self._pid}/stat"))
        except FileNotFoundError:
            return time.monotonic() - self._start
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _sleeps(pid: int) -> bool:
    """Whether every thread of the process sleeps; no where the kernel does not tell.

    One that waits for a processor (R) or a disk (D), or was halted (T), is none that sleeps (S).
    """
    try:
        states = {_after_name(task)[0] for task in Path(f"/proc/{pid}/task").glob("*/stat")}
    except (FileNotFoundError, ProcessLookupError):
        return False
    return states == {"S"}


def _after_name(stat: Path) -> list[str]:
    """What the kernel says of a process or thread from its state on, the third field of proc(5)."""
    return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
