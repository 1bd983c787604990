"""The process group: all of the servers, or none."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trey_compliance import supervisor
from trey_compliance.supervisor import CannotStart, ProcessGroup, Service, ServiceDied

SLEEP = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
WITH_CHILD = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)"
)


@pytest.fixture
def service(tmp_path: Path) -> Callable[[str, str], Service]:
    def named(name: str, program: str) -> Service:
        return Service(name, (sys.executable, "-c", program), tmp_path / f"{name}.log")

    return named


def group_of(*services: Service) -> ProcessGroup:
    return ProcessGroup(services, directory=Path.cwd(), environment=os.environ)


def words_of(service: Service) -> str:
    """What it has said, as soon as it has said anything."""
    return eventually(lambda: service.log.exists() and service.log.read_text())


def eventually(question: Callable[[], object]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if answer := question():
            return str(answer)
        time.sleep(0.05)
    raise AssertionError("It never came true.")


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_server_that_ends_is_named_with_its_last_words(service: Callable[[str, str], Service]) -> None:
    web, worker = service("web server", "raise SystemExit('no room')"), service("worker", SLEEP)

    with (
        pytest.raises(ServiceDied, match=r"The web server ended with status 1.*\n.*no room"),
        group_of(web, worker) as it,
    ):
        it.run()


def test_when_one_ends_the_others_end_too(service: Callable[[str, str], Service]) -> None:
    group = group_of(service("web server", "raise SystemExit(3)"), service("worker", SLEEP))

    with group:
        worker = group.running[1][1]
        with pytest.raises(ServiceDied):
            group.run()

    assert worker.returncode == -signal.SIGTERM


def test_a_server_that_cannot_be_started_leaves_no_other_behind(
    tmp_path: Path, service: Callable[[str, str], Service]
) -> None:
    child = service("worker", WITH_CHILD)
    group = group_of(child, Service("web server", (str(tmp_path / "missing"),), tmp_path / "log"))

    with pytest.raises(FileNotFoundError), group:
        pass

    assert not group.running


def test_one_that_does_not_listen_is_ended_after_the_grace(
    service: Callable[[str, str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.5)
    deaf = service("worker", DEAF)

    with group_of(deaf) as group:
        process = group.running[0][1]
        words_of(deaf)

    assert process.returncode == -signal.SIGKILL


def test_children_of_a_server_end_with_it(service: Callable[[str, str], Service]) -> None:
    parent = service("worker", WITH_CHILD)

    with group_of(parent):
        child = int(words_of(parent))

    eventually(lambda: not lives(child))


def test_servers_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    program = f"""
        import os, sys
        from pathlib import Path
        from trey_compliance.supervisor import ProcessGroup, Service
        service = Service("web", (sys.executable, "-c", {SLEEP!r}), Path({str(tmp_path / "log")!r}))
        with ProcessGroup([service], directory=Path.cwd(), environment=os.environ) as group:
            print(group.running[0][1].pid, flush=True)
            group.run()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        child = int(killed.stdout.readline())
        killed.kill()

    eventually(lambda: not lives(child))


def test_a_log_that_has_grown_large_is_set_aside(
    service: Callable[[str, str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LARGEST_LOG_BYTES", 1000)
    talker = service("worker", f"print('x' * 2000, flush=True); {SLEEP}")

    with group_of(talker) as group:
        words_of(talker)
        group.check()
        assert talker.log.stat().st_size == 0

    assert talker.log.with_suffix(".log.1").read_text() == "x" * 2000 + "\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_a_port_in_use_is_a_sentence_that_names_another(listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    with pytest.raises(
        CannotStart, match=f"^Port {port} is in use: stop what uses it, or start with PORT={port + 1}.$"
    ):
        supervisor.require_free_port("127.0.0.1", port)


def test_a_port_that_was_given_back_is_free(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)), listener.accept()[0] as served:
        served.shutdown(socket.SHUT_RDWR)
    listener.close()

    supervisor.require_free_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("no such host", 8000), ("192.0.2.1", 8000)])
def test_an_address_that_is_not_ours_is_a_sentence(host: str, port: int) -> None:
    with pytest.raises(CannotStart, match=r"cannot be listened on .*: set HOST and PORT anew"):
        supervisor.require_free_port(host, port)


@pytest.mark.parametrize("port", [0, 65536, 70000])
def test_a_number_that_is_no_port_is_a_sentence(port: int) -> None:
    with pytest.raises(CannotStart, match=f"PORT is {port}, and ports are 1 to 65535"):
        supervisor.require_free_port("127.0.0.1", port)


def test_a_directory_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotStart, match=r"cannot be written \(Not a directory\): make it writable, or set VAR_DIR"):
        supervisor.require_writable(tmp_path / "file" / "var")


def test_a_disk_without_room_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LEAST_FREE_BYTES", 1 << 62)

    with pytest.raises(CannotStart, match=r"has \d+ MB left and \d+ MB are needed: make room"):
        supervisor.require_writable(tmp_path)


def test_a_directory_is_held_by_one_at_a_time_and_given_back(tmp_path: Path) -> None:
    with (
        supervisor.only_one(tmp_path),
        pytest.raises(CannotStart, match=rf"process {os.getpid()}\) is running"),
        supervisor.only_one(tmp_path),
    ):
        pass

    with supervisor.only_one(tmp_path):
        pass
