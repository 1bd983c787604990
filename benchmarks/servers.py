"""A running installation to measure: its own directory, database, starter model, account and web server."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from tests.services import forget_settings_of_the_shell, free_port, start_postgresql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60

_NEW_CLIENT = """
from django.contrib.auth.models import Group
from knox.models import AuthToken
from components.models import User
user = User.objects.create_user("bench")
user.groups.add(Group.objects.get(name="technician"))
print(AuthToken.objects.create(user)[1])
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A web server at `url` that accepts `token`; `environment` is what its processes run with."""

    url: str
    token: str
    environment: dict[str, str]


def manage(environment: dict[str, str], *arguments: str) -> str:
    """What `manage.py` prints when given `arguments`; raises CalledProcessError where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def installation(database: str, *, processes: int, threads: int) -> Iterator[Installation]:
    """A new installation on "sqlite" or "postgresql", served by gunicorn until the block ends."""
    with ExitStack() as stack:
        port = free_port()
        environment = new_environment(
            database,
            stack,
            HOST="127.0.0.1",
            PORT=str(port),
            WEB_PROCESSES=str(processes),
            WEB_THREADS=str(threads),
            LOG_LEVEL="WARNING",
            API_REQUESTS_PER_MINUTE="0",
        )
        token = manage(environment, "shell", "--no-imports", "-c", _NEW_CLIENT).split()[-1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "docker/gunicorn.conf.py", "trey_compliance.wsgi"],
            cwd=ROOT,
            env=environment,
        )
        stack.callback(server.wait)
        stack.callback(server.terminate)
        _until_ready(port, server)
        yield Installation(f"http://127.0.0.1:{port}", token, environment)


def new_environment(database: str, stack: ExitStack, **settings: str) -> dict[str, str]:
    """The environment of a new installation on "sqlite" or "postgresql" that has the starter model.

    Its directory, the parent of `VAR_DIR`, and its database are gone with the stack.
    """
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trey-bench-")))
    forget_settings_of_the_shell()
    environment = os.environ | {"ENV_FILE": os.devnull, "VAR_DIR": str(directory / "var")} | settings
    if database == "postgresql":
        environment["DATABASE_URL"] = new_database(directory, stack)
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "install_starter_model")
    return environment


def new_database(directory: Path, stack: ExitStack) -> str:
    """The address of a new database, on a server that ends with the stack."""
    url = start_postgresql(directory, lambda end: stack.callback(end) and None)
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE trey")
    return url


def _until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _is_ready(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The server to measure did not become ready.")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
