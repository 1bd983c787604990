"""Run the servers of an installation as one process group: all of them, or none."""

import ctypes
import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

LEAST_FREE_BYTES = 200 * 1024 * 1024
LARGEST_LOG_BYTES = 20 * 1024 * 1024
GRACE_SECONDS = 8.0
_LOOK_SECONDS = 0.2
_PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something that the servers need is not as it must be. The message is a sentence that says what to do."""


class ServiceDied(Exception):
    """A server ended by itself. The message says which, and the end of its log."""


class StopRequested(Exception):
    """A person or the system asked the group to stop."""


@dataclass(frozen=True, slots=True)
class Service:
    """A server: the words that start it, its name, and the file that its output is appended to."""

    name: str
    command: Sequence[str]
    log: Path

    def log_tail(self, lines: int = 15) -> str:
        """The end of what it has said, for a person to read."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - 8192))
                return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])
        except OSError as error:
            return f"({self.log} cannot be read: {error.strerror}.)"

    def shorten_log(self) -> None:
        """Begin the log anew once it is large; the one before stays beside it. Raises OSError."""
        if self.log.stat().st_size > LARGEST_LOG_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)


class ProcessGroup:
    """The running servers. Used in a `with`, it leaves none of them behind."""

    def __init__(self, services: Sequence[Service], *, directory: Path, environment: Mapping[str, str]) -> None:
        self._services = services
        self._directory = directory
        self._environment = environment
        self.running: list[tuple[Service, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "ProcessGroup":
        try:
            for service in self._services:
                self.running.append((service, self._start(service)))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        # Who asks to stop while they are being stopped has asked already: nothing may cut this short.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self.stop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def check(self) -> None:
        """Raise ServiceDied if a server has ended; keep the logs from filling the disk."""
        for service, process in self.running:
            status = process.poll()
            if status is not None:
                raise ServiceDied(
                    f"The {service.name} ended with status {status}. Its last words:\n{service.log_tail()}"
                )
            # A log that somebody took away, or a full disk, is no reason to stop the servers.
            with suppress(OSError):
                service.shorten_log()

    def run(self) -> None:
        """Watch until a server ends (ServiceDied) or a signal handler raises."""
        while True:
            self.check()
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Ask every server to finish what it does; after GRACE_SECONDS end what is left, children included."""
        for _, process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for _, process in self.running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # Its children too, if it died before them.
            _kill_session(process.pid)
            process.wait()
        self.running.clear()

    def _start(self, service: Service) -> subprocess.Popen[bytes]:
        service.log.parent.mkdir(parents=True, exist_ok=True)
        with service.log.open("ab") as log:
            # In a session of its own: Ctrl-C reaches this process only, which then stops them in order.
            return subprocess.Popen(  # noqa: S603 - our own words
                service.command,
                cwd=self._directory,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(_end_with_parent, os.getpid()),  # safe: this process has one thread
            )


def _kill_session(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent(supervisor: int) -> None:
    """Between fork and exec: have Linux stop this process should its supervisor be killed outright.

    mlops.runtime.examinee asks for the like after exec, for it is started beside other threads.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            # It was killed before this was asked for.
            os._exit(1)


@contextmanager
def stop_signals() -> Iterator[None]:
    """Within this, Ctrl-C and SIGTERM raise StopRequested, once; later ones are ignored while things are stopped."""

    def request_stop(number: int, frame: FrameType | None) -> None:
        for stopping in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stopping, signal.SIG_IGN)
        raise StopRequested

    before = {number: signal.signal(number, request_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the directory for this process. Raises CannotStart where another holds it; a crash leaves nothing held."""
    with (directory / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotStart(
                f"Another `manage.py up` (process {lock.read().strip() or 'unknown'}) is running on {directory}: "
                "use that one, stop it first, or give this one a VAR_DIR and a PORT of its own."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_writable(directory: Path) -> None:
    """Raise CannotStart unless `directory` can be written and its disk has room."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / f".probe-{os.getpid()}"
        probe.write_bytes(b"probe")
        probe.unlink()
        free = shutil.disk_usage(directory).free
    except OSError as error:
        raise CannotStart(
            f"{directory} cannot be written ({error.strerror}): make it writable, or set VAR_DIR to one that is."
        ) from error
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"The disk of {directory} has {free // 1024**2} MB left and {LEAST_FREE_BYTES // 1024**2} MB are needed: "
            "make room, or set VAR_DIR to a directory on another disk."
        )


def require_free_port(host: str, port: int) -> None:
    """Raise CannotStart unless this process could listen there now."""
    if not 0 < port < 1 << 16:
        raise CannotStart(f"PORT is {port}, and ports are 1 to 65535: set it anew.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            # As gunicorn does: connections of an earlier run that linger are not in the way, a listener is.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except PermissionError as error:
        raise CannotStart(
            f"Port {port} is for privileged users: start with PORT=8000 or another above 1023."
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"Port {port} is in use: stop what uses it, or start with PORT={port + 1}.") from error
        raise CannotStart(f"{host} port {port} cannot be listened on ({error}): set HOST and PORT anew.") from error


def wait_for(answer: Callable[[], bool], group: ProcessGroup, *, seconds: float) -> bool:
    """Whether `answer` came true within the time. Raises ServiceDied as soon as a server ends."""
    deadline = time.monotonic() + seconds
    while not answer():
        group.check()
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True
