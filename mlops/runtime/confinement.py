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
    sleeps, of which no thread has anything to do for a processor or a disk, or that was halted; `at_most` for one that
    has, and is kept from it, and for one that sleeps and wakes by turns.
    """

    to_start: float
    computing: float
    asleep: float
    at_most: float

    @property
    def longest(self) -> float:
        """How many seconds a process can take at all, from its start on."""
        return self.to_start + self.at_most + LOOKS * LOOK_SECONDS


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
            # Looked for before it is heard: what it said to its end is there then.
            ended = _has_ended(process.pid)
            said_more = _hear(selector, watch)
            if heard.began is None and b"\n" in heard.output:
                heard.began = watch.begin()
            if len(heard.output) > most_bytes:
                return End.TOO_TALKATIVE
            # Another that it left behind may hold its pipes open, and even write to them.
            if ended and not said_more:
                return End.BY_ITSELF
            if end := watch.over():
                return End.BY_ITSELF if ended else end
    return _wait(process.pid, watch)


def _hear(selector: selectors.BaseSelector, watch: "_Watch") -> bool:
    """Whether there was anything to be heard until the next look."""
    ready = selector.select(watch.pause())
    for key, _ in ready:
        chunk = os.read(key.fd, CHUNK_BYTES)
        key.data(chunk)
        watch.wakes()
        if not chunk:
            selector.unregister(key.fd)
    return bool(ready)


def _wait(pid: int, watch: "_Watch") -> End:
    """Wait for the end of a process that says no more, and leave it to be reaped."""
    while not _has_ended(pid):
        if end := watch.over():
            return end
        time.sleep(PAUSE_SECONDS)
    return End.BY_ITSELF


def _has_ended(pid: int) -> bool:
    """Whether the process has, with all its threads; it is left to be reaped."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


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
        self._found_wanting = 0
        self._looks = 0
        self._turns: frozenset[str] = frozenset()

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
        state = self._look()
        self._found_asleep = self._found_asleep + 1 if state is _State.IDLE and passed >= self._patience.asleep else 0
        if self._found_asleep >= LOOKS:
            return End.ASLEEP
        if passed < self._patience.at_most:
            return None
        # One that the machine keeps waiting is found waiting. Another only took care not to be found asleep.
        return End.KEPT_WAITING if 2 * self._found_wanting >= self._looks else End.ASLEEP

    def _look(self) -> "_State":
        """What the process is doing, counted."""
        before, self._turns = self._turns, _turns(self._pid)
        state = _state(self._pid, no_turn=before == self._turns)
        self._looks += 1
        self._found_wanting += state is _State.WANTING
        return state

    def _computed(self) -> float:
        """Seconds of processor time of the process; all that passed where the kernel does not tell: only Linux does."""
        try:
            fields = _after_name(Path(f"/proc/{self._pid}/stat"))
        except FileNotFoundError:
            return time.monotonic() - self._start
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _State(Enum):
    WANTING = "a thread has something to do for a processor or a disk"
    IDLE = "nothing to do"
    HALTED = "halted, and had a turn before"


def _state(pid: int, *, no_turn: bool) -> _State:
    """What the threads of the process are doing; wanting where the kernel does not tell.

    Threads that have ended (Z, X) count for nothing, and those that sleep (S) have nothing to do. A process that was
    halted (T, t) has nothing to do either where no thread had a turn since the last look; otherwise it may have been
    halted for a moment. Every other state is of one that waits for a processor (R) or a disk (D), or has it.
    """
    try:
        states = {_after_name(task)[0] for task in Path(f"/proc/{pid}/task").glob("*/stat")}
    except (FileNotFoundError, ProcessLookupError):
        return _State.WANTING
    if not states or states - {"S", "T", "t", "Z", "X"}:
        return _State.WANTING
    if states & {"T", "t"} and not no_turn:
        return _State.HALTED
    return _State.IDLE


def _turns(pid: int) -> frozenset[str]:
    """What the threads computed, and waited for a processor, in words that change with either; none if not told."""
    with suppress(FileNotFoundError, ProcessLookupError):
        tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
        return frozenset(f"{task.parent.name} {task.read_text(encoding='ascii')}" for task in tasks)
    return frozenset()


def _after_name(stat: Path) -> list[str]:
    """What the kernel says of a process or thread from its state on, the third field of proc(5)."""
    return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
