"""Azurite, Microsoft's emulator of Blob Storage, and the way to it through our TLS server."""

import base64
import hashlib
import http.client
import os
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.azure.front import Answer, Request

ROOT = Path(__file__).resolve().parent.parent.parent
INSTALLED = ROOT / ".azurite"
ACCOUNT = "treystandin"
KEY = base64.b64encode(hashlib.sha512(b"the account of the tests").digest()).decode()
START_SECONDS = 60


@contextmanager
def running(certificate: Path, key: Path) -> Iterator[int]:
    """The port of an Azurite of our own, which keeps everything in memory and checks keys, signatures and tokens."""
    program = INSTALLED / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    if not program.is_file():
        raise pytest.UsageError("Azurite is not installed: run scripts/azurite.sh .venv/bin")
    command = [
        *(str(INSTALLED / "node"), str(program), "--blobHost", "127.0.0.1", "--blobPort", "0"),
        *("--silent", "--disableTelemetry", "--skipApiVersionCheck"),
        *("--inMemoryPersistence", "--extentMemoryLimit", "1024"),
        *("--cert", str(certificate), "--key", str(key), "--oauth", "basic"),
    ]
    environment = {"PATH": os.environ["PATH"], "AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}
    with subprocess.Popen(
        command, cwd=certificate.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        give_up = threading.Timer(START_SECONDS, process.kill)
        give_up.start()
        try:
            port = _port_told_by(process)
            give_up.cancel()
            yield port
        finally:
            give_up.cancel()
            process.kill()


def _port_told_by(process: subprocess.Popen[str]) -> int:
    said = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"successfully listens on https://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise pytest.UsageError(f"Azurite did not start: {''.join(said)}")


class AzuriteSite:
    """Hands requests on to Azurite as they came, one connection a thread."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._port = port
        self._context = context
        self._local = threading.local()

    def __call__(self, request: Request) -> Answer:
        connection = self._connection()
        headers = {name: value for name, value in request.headers.items() if name != "connection"}
        try:
            connection.request(request.method, request.target, request.body or None, headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        passed = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in ("connection", "keep-alive", "transfer-encoding")
        ]
        return Answer(answer.status, body, tuple(passed))

    def _connection(self) -> http.client.HTTPSConnection:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPSConnection(
                "127.0.0.1", self._port, context=self._context, timeout=60
            )
        return self._local.connection
