"""A real MLflow server on this machine, and a proxy before it that fails when it is told to."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.services import ROOT, START_SECONDS, STOP_SECONDS, free_port

PROGRAM = ROOT / ".venv-mlflow" / "bin" / "mlflow"
SLOWEST_START_SECONDS = 3 * START_SECONDS


@contextmanager
def running(home: Path) -> Iterator[str]:
    """The address of an MLflow server that keeps everything in `home`."""
    if not PROGRAM.exists():
        raise pytest.UsageError("There is no MLflow server: run `make test-mlflow`, which installs one.")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        *(str(PROGRAM), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--serve-artifacts"),
        *("--backend-store-uri", f"sqlite:///{home / 'server.sqlite'}", "--artifacts-destination", str(home / "store")),
    ]
    environment = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (home / "log").open("wb") as log:
        # It starts processes of its own, which must end with it.
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait_for(address, process, home / "log")
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SLOWEST_START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise pytest.UsageError(f"The MLflow server does not start: {log.read_text(errors='replace')[-2000:]}")


Fault = Callable[[BaseHTTPRequestHandler], bool]
"""Answers a request itself and returns True, or lets it pass."""


class Proxy(ThreadingHTTPServer):
    """Passes requests to the server, but for those that `fault` answers. Counts all of them."""

    daemon_threads = True

    def __init__(self, address: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(address)
        self.fault: Fault = lambda request: False
        self.requests = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxied(address: str) -> Iterator[Proxy]:
    """A proxy before that server."""
    with Proxy(address) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()


def status(code: int, *, on: str = "", method: str = "") -> Fault:
    """Answer requests whose path holds `on` with this status."""

    def fault(request: BaseHTTPRequestHandler) -> bool:
        if on not in request.path or (method and request.command != method):
            return False
        request.send_response(code)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return True

    return fault


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def _pass(self) -> None:
        self.server.requests += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.fault(self):
            return
        behind = HTTPConnection(self.server.behind.hostname or "", self.server.behind.port, timeout=30)
        behind.request(self.command, self.path, body=body, headers=dict(self.headers))
        answer = behind.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        behind.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815 - names of the library

    def log_message(self, *args: object) -> None:
        """Nothing: the tests' output is for what fails."""
