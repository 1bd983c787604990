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


class End(Enum):
    """How a program came to its end."""

    BY_ITSELF = "it ended"
    OUT_OF_TIME = "it was stopped: its time was over"
    TOO_TALKATIVE = "it was stopped: it said too much"


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
    start_seconds: float,
    seconds: float,
    most_bytes: int,
) -> Outcome:
    """Run `program` with `question` on its standard input, in a session and an empty environment of its own.

    It has `start_seconds` to write its first line to standard output, `seconds` from then on, and `most_bytes` to
    say. Whatever it started is killed with it. Raises CannotExamine where it cannot be started.
    """
    started = time.monotonic()
    process = _start(program, question, environment)
    heard = _Heard()
    try:
        end = _listen(process, heard, started + start_seconds, seconds, most_bytes)
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


def _listen(process: subprocess.Popen[bytes], heard: _Heard, deadline: float, seconds: float, most_bytes: int) -> End:
    with selectors.DefaultSelector() as selector:
        for stream, hear in ((process.stdout, heard.answer), (process.stderr, heard.error)):
            if stream is not None:
                selector.register(stream.fileno(), selectors.EVENT_READ, hear)
        while selector.get_map():
            for key, _ in selector.select(max(0.0, deadline - time.monotonic())):
                chunk = os.read(key.fd, CHUNK_BYTES)
                key.data(chunk)
                if not chunk:
                    selector.unregister(key.fd)
            if heard.began is None and b"\n" in heard.output:
                heard.began = time.monotonic()
                deadline = heard.began + seconds
            if len(heard.output) > most_bytes:
                return End.TOO_TALKATIVE
            if time.monotonic() >= deadline:
                return End.OUT_OF_TIME
    return _wait(process.pid, deadline)


def _wait(pid: int, deadline: float) -> End:
    """Wait for the end of a process that says no more, and leave it to be reaped."""
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() >= deadline:
            return End.OUT_OF_TIME
        time.sleep(PAUSE_SECONDS)
    return End.BY_ITSELF
