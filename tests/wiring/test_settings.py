"""Settings are read strictly, secrets from files too, and a key of its own is made once."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from components.checks import check_request_body_limit
from mlops.checks import check_model_settings
from tests.services import ROOT
from trey_compliance.environment import Environment
from trey_compliance.secret_key import kept_secret_key


def test_a_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("$ecret with spaces\n")
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(secret))

    assert Environment().str("METRICS_TOKEN", default="") == "$ecret with spaces"


def test_an_empty_value_stands_for_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    assert Environment().int("PORT", default=8000) == 8000


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("PORT", "many", "int"), ("DEBUG", "perhaps", "bool"), ("MODEL_WATCH_SECONDS", "x", "float")],
)
def test_a_value_that_cannot_be_read_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, kind: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        getattr(Environment(), kind)(name, default=1)

    assert value not in str(refusal.value)


def test_a_start_with_a_wrong_setting_ends_in_a_sentence() -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env={**os.environ, "PORT": "many"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode != 0
    assert "The settings are not right: PORT" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_secret_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"

    key = kept_secret_key(path)

    assert len(key) >= 50
    assert kept_secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    keys: list[str] = []
    program = (
        "import sys; from pathlib import Path; from trey_compliance.secret_key import kept_secret_key; "
        "print(kept_secret_key(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "key")]

    def start() -> None:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        keys.append(run.stdout.strip())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_a_key_that_cannot_be_kept_says_what_to_do() -> None:
    with pytest.raises(ImproperlyConfigured, match="set VAR_DIR"):
        kept_secret_key(Path("/proc/none/secret_key"))


@pytest.mark.parametrize(
    ("name", "value", "identity"),
    [
        ("MODEL_THREADS", 0, "mlops.E001"),
        ("MODEL_WATCH_SECONDS", 0, "mlops.E002"),
        ("REQUEST_BODY_LIMIT", 1, "components.E001"),
    ],
)
def test_numbers_that_cannot_work_are_found_by_the_checks(
    settings: Settings, name: str, value: int, identity: str
) -> None:
    setattr(settings, name, value)

    assert [problem.id for problem in (*check_model_settings(None), *check_request_body_limit(None))] == [identity]


def test_the_policy_allows_no_inline_code() -> None:
    directives = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {source for sources in directives.values() for source in sources}
