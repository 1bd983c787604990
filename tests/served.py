"""The real server, on a port of its own, over the database and the champion of a test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

from tests.services import ROOT, START_SECONDS, STOP_SECONDS, free_port


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[int]:
    """The port of a gunicorn of one worker with two threads, which serves the database of this process.

    It has the environment of this process, and `environment` before that.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "trey_compliance.wsgi", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--worker-class=gthread", "--threads=2"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": _database_url(), **environment},
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
