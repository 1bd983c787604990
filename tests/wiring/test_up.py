"""`manage.py up`, run as people run it: one command, the embedded default, the starter model."""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bundles import write_tiny_bundle
from tests.processes import PATIENCE_SECONDS, environment_of, manage
from tests.services import ROOT, free_port
from tests.wiring.installation import Running, passwords, up
from tests.wiring.test_supervisor import eventually, lives

READY = "Trey Compliance is ready."
ENDED = "Stopped."
COMPLIANT = "good condition steel component manufactured in 2012"
NON_COMPLIANT = "iron component manufactured in 1998 in good condition"


def is_free(port: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", int(port))) != 0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A new installation, in which a crash has left its traces."""
    var = tmp_path_factory.mktemp("installation")
    (var / "up.lock").write_text("99999999")
    (var / "beat_schedule").write_bytes(b"half written")
    (var / "queue" / "io").mkdir(parents=True)
    (var / "queue" / "io" / "0_dead.celery.msg").write_bytes(b'{"body": "cut o')
    (var / "queue" / "control").mkdir()
    (var / "queue" / "control" / "celery.exchange").write_bytes(b"")
    with up(environment_of(var, PORT=str(free_port()))) as installation:
        yield installation


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_of(tmp_path / "var", PORT=str(free_port()))


def test_it_says_where_to_go_and_who_may_enter(running: Running) -> None:
    assert READY in running.printed
    assert f"{running.url}/" in running.printed
    assert set(passwords(running)) == {"technician", "officer", "admin", "auditor"}
    assert len(set(passwords(running).values())) == 4


def test_passwords_are_in_no_file(running: Running) -> None:
    files = [path for path in running.var.rglob("*") if path.is_file()]

    for password in passwords(running).values():
        assert [path for path in files if password.encode() in path.read_bytes()] == []


@pytest.fixture
def visit(running: Running) -> Callable[..., tuple[str, str]]:
    """`visit(path, **form)` is the address and the page that a technician sees who has logged in."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def visited(path: str, **form: str) -> tuple[str, str]:
        token = next((cookie.value for cookie in jar if cookie.name == "csrftoken"), None)
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **form}).encode() if form else None
        with opener.open(running.url + path, data, timeout=30) as answer:
            return answer.url.removeprefix(running.url), answer.read().decode()

    visited("/login/")
    visited("/login/", username="technician", password=passwords(running)["technician"])
    return visited


@pytest.mark.parametrize(("text", "label"), [(COMPLIANT, "compliant"), (NON_COMPLIANT, "non-compliant")])
def test_a_technician_logs_in_submits_and_sees_the_label(
    visit: Callable[..., tuple[str, str]], text: str, label: str
) -> None:
    address, page = visit("/components/new/", description=text, external_id="")

    assert re.fullmatch(r"/components/\d+/", address)
    assert f'class="chip {label} ' in page


def test_a_client_with_a_token_gets_labels(running: Running) -> None:
    token = manage("create_token", "officer", environment=running.environment).stdout.strip()
    request = urllib.request.Request(
        f"{running.url}/api/v1/labels/",
        json.dumps({"texts": [COMPLIANT, NON_COMPLIANT]}).encode(),
        {"Authorization": f"Token {token}", "Content-Type": "application/json"},
    )

    with urllib.request.urlopen(request, timeout=30) as answer:
        results = json.load(answer)["labels"]

    assert [result["label"] for result in results] == ["compliant", "non-compliant"]


def test_the_worker_labels_what_was_kept_without_a_label(running: Running) -> None:
    keep = (
        "from components.models import User\n"
        "from tests.shown import keep\n"
        f"keep([{COMPLIANT!r}], external_id='kept', by=User.objects.first())"
    )
    look = "from components.models import Component\nprint(Component.objects.get(external_id='kept').label)"
    assert manage("shell", "-v", "0", "-c", keep, environment=running.environment).returncode == 0

    labelled = eventually(
        lambda: (
            "model" in (seen := manage("shell", "-v", "0", "-c", look, environment=running.environment).stdout) and seen
        )
    )

    assert labelled.strip() == "compliant by model"


def test_a_second_one_on_the_same_directory_is_refused(running: Running) -> None:
    second = manage("up", environment={**running.environment, "PORT": str(free_port())})

    assert second.returncode == 1
    assert f"(process {running.process.pid}) is running on {running.var}" in second.stderr
    assert "Traceback" not in second.stderr


def test_one_whose_port_is_taken_is_refused(running: Running, tmp_path: Path) -> None:
    second = manage("up", environment={**running.environment, "VAR_DIR": str(tmp_path)})

    assert second.returncode == 1
    assert f"Port {running.environment['PORT']} is in use: stop what uses it, or start with PORT=" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it(environment: dict[str, str], number: signal.Signals) -> None:
    with up(environment) as installation:
        # gunicorn and its worker, celery and its beat
        eventually(lambda: len(installation.servers()) == 4)
        servers = installation.servers()
        rest = installation.stop(number)

    assert installation.process.returncode == 0
    assert rest.splitlines()[-1] == ENDED
    assert "Traceback" not in rest
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in servers))
    assert is_free(environment["PORT"])


@pytest.mark.parametrize(("program", "name"), [(b"gunicorn", "web server"), (b"celery", "worker")])
def test_when_a_server_dies_it_ends_and_says_which(environment: dict[str, str], program: bytes, name: str) -> None:
    with up(environment) as installation:
        eventually(lambda: len(installation.servers()) == 4)
        servers = installation.servers()
        first = next(pid for pid in servers if program in command_of(pid))
        os.kill(first, signal.SIGKILL)
        rest, _ = installation.process.communicate(timeout=PATIENCE_SECONDS)

    assert installation.process.returncode == 1
    assert f"The {name} ended with status -9." in rest.decode()
    eventually(lambda: not any(lives(pid) for pid in servers))
    assert is_free(environment["PORT"])


def test_when_it_is_killed_outright_no_server_lives_on(environment: dict[str, str]) -> None:
    with up(environment) as installation:
        eventually(lambda: len(installation.servers()) == 4)
        servers = installation.servers()
        installation.process.kill()
        installation.process.wait(PATIENCE_SECONDS)

        eventually(lambda: not any(lives(pid) for pid in servers))
    assert is_free(environment["PORT"])


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_broken_starter_model_is_a_sentence_and_no_start(environment: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for folder in ("trey_compliance", "components", "mlops", "audit"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "templates").mkdir()
    (copy / "static").mkdir()
    with (copy / "mlops" / "starter" / "model.onnx").open("r+b") as model:
        model.truncate(1000)

    ended = manage("up", environment=environment, root=copy)

    assert ended.returncode == 1
    assert "The model cannot be installed" in ended.stderr
    assert "model.onnx" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_damaged_champion_is_told_and_the_pages_still_start(environment: dict[str, str], tmp_path: Path) -> None:
    manage("migrate", "-v", "0", environment=environment)
    manage("install_starter_model", str(write_tiny_bundle(tmp_path / "tiny")), environment=environment)
    (installed,) = (Path(environment["VAR_DIR"]) / "models").iterdir()
    (installed / "model.onnx").unlink()

    with up(environment) as installation:
        assert "The champion tiny:1 cannot be loaded." in installation.printed
        assert "runs, but is not ready" in installation.printed
        with urllib.request.urlopen(f"{installation.url}/healthz/live", timeout=30) as answer:
            assert answer.status == 200


def test_a_directory_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    ended = manage("up", environment=environment_of(tmp_path / "file" / "var"))

    assert ended.returncode == 1
    assert "Not a directory" in ended.stderr
    assert "set VAR_DIR" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_is_away_is_a_sentence(environment: dict[str, str]) -> None:
    away = f"postgresql://trey@127.0.0.1:{free_port()}/trey"

    ended = manage("up", environment={**environment, "DATABASE_URL": away})

    assert ended.returncode == 1
    assert "The database cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr
