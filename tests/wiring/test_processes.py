"""Several web processes of one server: they count together, and follow a new champion together."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.bundles import COMPLIANT_TEXT, write_tiny_bundle
from tests.processes import PATIENCE_SECONDS, environment_of, manage
from tests.services import ROOT, free_port
from tests.wiring.installation import children_of
from tests.wiring.test_supervisor import eventually, lives

METRICS_TOKEN = "of-the-collector"
CONVERGENCE_SECONDS = 5.0
NEW_CHAMPION = (
    "import sys; from pathlib import Path\n"
    "from mlops.services.deployment import deploy_champion\n"
    "from mlops.services.installing import install\n"
    "deploy_champion(install(Path({path!r})), by=None)\n"
)


@dataclass(frozen=True, slots=True)
class Server:
    """gunicorn with two web processes, and a token of its API."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    token: str

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def web_processes(self) -> set[int]:
        return set(children_of(self.process.pid))


@dataclass(slots=True)
class Client:
    """A connection to one of the web processes, kept alive: all of its requests are answered by `pid`."""

    connection: http.client.HTTPConnection
    token: str
    pid: int
    failures: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def label(self) -> str:
        """The model version that labelled a text; a failure is noted."""
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        try:
            self.connection.request("POST", "/api/v1/labels/", json.dumps({"texts": [COMPLIANT_TEXT]}), headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(repr(error))
            raise
        if answer.status != 200:
            self.failures.append(f"{answer.status} {body.decode()}")
            return ""
        version = str(json.loads(body)["labels"][0]["model_version"])
        self.versions.append(version)
        return version


@contextmanager
def server(environment: dict[str, str]) -> Iterator[Server]:
    token = manage("create_token", "technician", environment=environment).stdout.strip()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "trey_compliance.wsgi"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    running = Server(process, environment, token)
    try:
        eventually(lambda: is_ready(running.port))
        yield running
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def is_ready(port: int) -> bool:
    try:
        return get(port, "/healthz/ready")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def clients_of_all(running: Server) -> dict[int, Client]:
    """A client of each web process, by its id. Which one takes a connection is theirs to say."""
    found: dict[int, Client] = {}

    def all_found() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", "/healthz/live")
        connection.getresponse().read()
        assert connection.sock is not None
        pid = served_by(connection.sock, running.web_processes())
        if pid in found:
            connection.close()
        else:
            found[pid] = Client(connection, running.token, pid)
        return len(found) == 2

    eventually(all_found)
    return found


def served_by(connection: socket.socket, processes: set[int]) -> int:
    """Which of the processes holds the other end."""
    ours, theirs = connection.getsockname()[1], connection.getpeername()[1]
    ends = f":{theirs:04X}", f":{ours:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if (words[1][8:], words[2][8:]) == ends:
            for pid in processes:
                if f"socket:[{words[9]}]" in open_files_of(pid):
                    return pid
    raise AssertionError("None of them holds it.")


def open_files_of(pid: int) -> set[str]:
    return {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an installation whose champion is version 1 of a tiny model."""
    directory = tmp_path_factory.mktemp("several")
    settings = {"WEB_PROCESSES": "2", "METRICS_TOKEN": METRICS_TOKEN, "API_REQUESTS_PER_MINUTE": "0"}
    environment = environment_of(directory / "var", PORT=str(free_port()), **settings)
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    manage("migrate", "-v", "0", environment=environment)
    manage("install_starter_model", str(write_tiny_bundle(directory / "first")), environment=environment)
    manage("create_demo_accounts", environment=environment)
    return environment


def test_each_follows_a_new_champion_and_no_request_fails(installed: dict[str, str], tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "second", version="2", scale=1.5)
    stop = threading.Event()

    with server(installed) as running:
        clients = clients_of_all(running)
        threads = [threading.Thread(target=label_until, args=(client, stop)) for client in clients.values()]
        for thread in threads:
            thread.start()
        try:
            eventually(lambda: all(client.versions for client in clients.values()))
            deployed = manage("shell", "-v", "0", "-c", NEW_CHAMPION.format(path=str(bundle)), environment=installed)
            assert deployed.returncode == 0, deployed.stderr
            deadline = time.monotonic() + CONVERGENCE_SECONDS
            while time.monotonic() < deadline and any(c.versions[-1] != "tiny:2" for c in clients.values()):
                time.sleep(0.05)
            seen = {pid: client.versions[-1] for pid, client in clients.items()}
        finally:
            stop.set()
            for thread in threads:
                thread.join()

        assert seen == dict.fromkeys(running.web_processes(), "tiny:2")
    for client in clients.values():
        assert client.failures == []
        assert list(dict.fromkeys(client.versions)) == ["tiny:1", "tiny:2"]
        assert client.versions == sorted(client.versions)


def label_until(client: Client, stop: threading.Event) -> None:
    while not stop.is_set():
        client.label()


def test_the_metrics_of_each_speak_for_all(installed: dict[str, str]) -> None:
    with server(installed) as running:
        for client in clients_of_all(running).values():
            before = counted(running)
            assert client.label()
            # Whichever of them answers.
            assert [counted(running) for _ in range(6)] == [before + 1] * 6


def test_what_a_process_has_counted_outlives_it(installed: dict[str, str]) -> None:
    with server(installed) as running:
        clients = clients_of_all(running)
        for client in clients.values():
            assert client.label()
        before = counted(running)
        first = min(clients)
        directory = metrics_directory(running)
        gauge = shutil.copy(directory / f"counter_{first}.db", directory / f"gauge_liveall_{first}.db")
        os.kill(first, signal.SIGKILL)
        eventually(lambda: first not in running.web_processes() and len(running.web_processes()) == 2)
        eventually(lambda: is_ready(running.port))

        assert counted(running) == before
        assert not gauge.exists()


def counted(running: Server) -> float:
    """How often the API has been asked for labels, by the metrics."""
    status, text = get(running.port, "/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
    assert status == 200
    name = "django_http_responses_total_by_status_view_method_total"
    lines = re.findall(rf'^{name}{{[^}}]*view="api:labels"[^}}]*}} (\S+)$', text, re.MULTILINE)
    return sum(map(float, lines))


def metrics_directory(running: Server) -> Path:
    """Where the web processes count, by what they have mapped into their memory."""
    maps = (Path(f"/proc/{pid}/maps").read_text() for pid in running.web_processes())
    return Path(next(name for text in maps for name in re.findall(r"/\S*trey-metrics-\S*\.db", text))).parent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_directory_they_count_in_goes_with_the_server(installed: dict[str, str], number: signal.Signals) -> None:
    with server(installed) as running:
        directory = metrics_directory(running)
        processes = running.web_processes()
        assert directory.is_dir()
        running.process.send_signal(number)
        running.process.wait(PATIENCE_SECONDS)

        eventually(lambda: not any(lives(pid) for pid in processes))
        eventually(lambda: not directory.exists())
