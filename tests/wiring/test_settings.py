"""Settings are read strictly, secrets from files too, and a key of its own is made once."""

import os
import runpy
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
from mlops.checks import check_model_settings, check_registry_settings
from tests.services import ROOT
from tests.wiring.test_docs import settings_read
from trey_compliance.environment import Environment
from trey_compliance.secret_key import kept_secret_key


def test_a_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("$ecret with spaces\n")
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(secret))

    assert Environment().str("METRICS_TOKEN", default="") == "$ecret with spaces"


def test_an_empty_value_stands_for_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    assert Environment().whole("PORT", default=8000, least=1, most=65_535) == 8000


NO_FILE = "/proc/none"
WRONG = {
    "SECRET_KEY": ["short"],
    "DEBUG": ["perhaps"],
    "ENV_FILE": [NO_FILE, str(ROOT)],
    "VAR_DIR": [NO_FILE],
    "TIME_ZONE": ["Mars", "Europe", "../../etc/passwd"],
    "ALLOWED_HOSTS": ["https://compliance.example", "compliance.example:8000", ",,"],
    "CSRF_TRUSTED_ORIGINS": ["compliance.example", "https://compliance.example/path"],
    "HTTPS": ["2"],
    "BEHIND_PROXY": ["nginx"],
    "LOGIN_FAILURE_LIMIT": ["0", "-3", "five"],
    "METRICS_TOKEN": ["schlüssel"],
    "DATABASE_URL": [
        "database", "sqlite://", "sqlite://:memory:", "sqlite://var/db.sqlite3", "mysql://user:password@host/name", "postgresql://user@host",
        "postgresql://user@host:port/name", "postgresql://user@host:0/name",
    ],
    "REDIS_URL": ["cache", "http://host", "redis://", "redis://host:port/0", "redis://host/zero"],
    "STATIC_MANIFEST": ["always"],
    "REQUEST_BODY_LIMIT": ["-1", "16MB"],
    "API_REQUESTS_PER_MINUTE": ["-1", "many"],
    "TOKEN_MEMORY_SECONDS": ["-1", "nan", "inf", "5s"],
    "REVIEW_LEASE_SECONDS": ["9", "86401", "1.5", "a minute"],
    "AUDIT_ANCHORS": [f"{NO_FILE}/anchors.jsonl", str(ROOT)],
    "MODEL_DIR": [NO_FILE],
    "MODEL_THREADS": ["0", "-1", "100000"],
    "MODEL_WATCH_SECONDS": ["0", "nan", "often"],
    "REGISTRY": ["s3", "azure ml"],
    "REGISTRY_MODEL": ["Component", "../up", "a b", "x" * 65, ".m"],
    "REGISTRY_SYNC_SECONDS": ["9", "86401", "1.5", "hourly"],
    "REGISTRY_DIR": ["manage.py"],
    "AZURE_SUBSCRIPTION_ID": ["Pay-As-You-Go", "12345678-1234-1234-1234-12345678901"],
    "AZURE_RESOURCE_GROUP": ["/subscriptions/1/resourceGroups/rg", "ends.", "a b", "x" * 91],
    "AZURE_ML_WORKSPACE": ["https://ml.azure.com/workspaces/ws", "wörkspace"],
    "AZURE_ML_DATASTORE": ["azureml://datastores/workspaceblobstore"],
    "AZURE_CREDENTIAL": ["password"],
    "MLFLOW_TRACKING_URI": [
        "mlflow.example", "file:///mlruns", "databricks", "https://", "https://host:port", "https://host:0",
        "https://ada:secret@mlflow.example",
    ],
    "BUNDLE_SIGNERS": [NO_FILE, str(ROOT)],
    "MODEL_DIR_BYTES": ["0", "-1", "10GB"],
    "VERIFY_SECONDS": ["0", "86401", "a minute"],
    "VERIFY_MEMORY_BYTES": ["1", "4GB"],
    "BEST_LEAST_ACCURACY": ["90", "-0.1", "nan", "high"],
    "BEST_LEAST_RECALL": ["90", "inf"],
    "BEST_MOST_CALIBRATION_ERROR": ["2", "5%"],
    "BEST_MOST_LATENCY_MS": ["0", "-5", "1e3"],
    "BEST_MARGIN": ["1.5", "-0.1"],
    "BEST_CHEAPER": ["20", "-0.1"],
    "HOST": ["no such host", "localhost:80", "http://localhost"],
    "PORT": ["0", "65536", "8e3", "many"],
    "WEB_PROCESSES": ["0", "-1", "1.5"],
    "WEB_THREADS": ["0", "100000"],
    "WORKER_THREADS": ["0", "100000"],
    "LOG_LEVEL": ["loud"],
    "LOG_FORMAT": ["xml"],
}  # fmt: skip
"""Values that cannot work, of every setting."""


def settings_with(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, object]:
    """What settings.py makes of these."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "trey_compliance" / "settings.py"))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_value_that_cannot_work_is_refused_by_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"\b{name}\b.*[.]$"):
        settings_with(monkeypatch, **{name: value})


def test_every_setting_has_been_tried_with_a_wrong_value() -> None:
    assert set(WRONG) == settings_read()


@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", "s3cret"), ("DATABASE_URL", "s3cret"), ("PORT", "s3cret")])
def test_a_refusal_does_not_repeat_the_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_with(monkeypatch, **{name: value})

    assert value not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("LOG_LEVEL", "info", "INFO"),
        ("LOG_FORMAT", "JSON", "json"),
        ("TIME_ZONE", "Europe/London", "Europe/London"),
        ("ALLOWED_HOSTS", ".compliance.example, 127.0.0.1 ,[::1]", [".compliance.example", "127.0.0.1", "[::1]"]),
        ("ALLOWED_HOSTS", "*", ["*"]),
        ("CSRF_TRUSTED_ORIGINS", "https://compliance.example:8443", ["https://compliance.example:8443"]),
        ("REDIS_URL", "rediss://:password@host", "rediss://:password@host"),
        ("HOST", "::1", "::1"),
        ("TOKEN_MEMORY_SECONDS", "0.5", 0.5),
        ("REGISTRY", "AzureML", "azureml"),
        ("AZURE_SUBSCRIPTION_ID", "0f4ec604-0000-4000-8000-00000000000A", "0f4ec604-0000-4000-8000-00000000000A"),
        ("AZURE_RESOURCE_GROUP", "rg_models-(eu).2", "rg_models-(eu).2"),
        ("MLFLOW_TRACKING_URI", "https://mlflow.example:5000/models", "https://mlflow.example:5000/models"),
        ("REGISTRY_DIR", "/no such/registry", Path("/no such/registry")),
        ("BUNDLE_SIGNERS", "LICENSE", str(ROOT / "LICENSE")),
        ("BUNDLE_SIGNERS", "", ""),
        ("BEST_LEAST_ACCURACY", "0.95", 0.95),
    ],
)
def test_a_value_that_works_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object) -> None:
    assert settings_with(monkeypatch, **{name: value})[name] == read


def test_a_database_of_postgresql_keeps_the_options_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "postgresql://user:p%40ss@host:5433/name?sslmode=require&connect_timeout=9"

    databases = settings_with(monkeypatch, DATABASE_URL=address)["DATABASES"]

    assert isinstance(databases, dict)
    found = databases["default"]
    assert (found["NAME"], found["USER"], found["PASSWORD"], found["PORT"]) == ("name", "user", "p@ss", 5433)
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["connect_timeout"]) == ("require", 9)


def test_a_database_may_have_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    databases = settings_with(monkeypatch, DATABASE_URL="postgresql://user@one:5432,two:5432/name")["DATABASES"]

    assert isinstance(databases, dict)
    assert databases["default"]["HOST"] == "one,two"


def test_the_database_of_a_directory_with_odd_characters_lies_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    databases = settings_with(monkeypatch, VAR_DIR=str(tmp_path / "a+b c%20?#"))["DATABASES"]

    assert isinstance(databases, dict)
    assert databases["default"]["NAME"] == str(tmp_path / "a+b c%20?#" / "db.sqlite3")


def test_a_relative_directory_is_below_the_root_for_every_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_with(monkeypatch, VAR_DIR="build/var")["VAR_DIR"] == ROOT / "build" / "var"


@pytest.mark.parametrize(
    "program",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "trey_compliance.wsgi"],
        ["-m", "celery", "--app", "trey_compliance", "worker", "--beat"],
    ],
    ids=["manage.py", "gunicorn", "celery"],
)
def test_a_start_with_a_wrong_setting_ends_in_a_sentence(program: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, *program],
        cwd=ROOT, env={**os.environ, "PORT": "many"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode == 1
    assert run.stderr == "The settings are not right: PORT must be a whole number from 1 to 65535.\n"


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


@pytest.mark.parametrize(("kind", "named"), [("azureml", "AZURE_ML_WORKSPACE"), ("mlflow", "MLFLOW_TRACKING_URI")])
def test_a_registry_that_cannot_be_found_is_found_by_the_checks(settings: Settings, kind: str, named: str) -> None:
    settings.REGISTRY = kind

    (problem,) = check_registry_settings(None)

    assert problem.id == "mlops.E003"
    assert named in problem.msg


def test_a_registry_whose_settings_are_given_is_no_problem(settings: Settings) -> None:
    assert check_registry_settings(None) == []
    settings.REGISTRY, settings.MLFLOW_TRACKING_URI = "mlflow", "https://mlflow.example"

    assert check_registry_settings(None) == []


def test_the_policy_allows_no_inline_code() -> None:
    directives = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {source for sources in directives.values() for source in sources}
