"""Start everything that an installation needs, watch it, and stop it together."""

import http.client
import json
import os
import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from trey_compliance.supervisor import (
    CannotStart,
    ProcessGroup,
    Service,
    ServiceDied,
    StopRequested,
    only_one,
    require_free_port,
    require_writable,
    stop_signals,
    wait_for,
)

ANSWER_SECONDS = 90.0
SETTLE_SECONDS = 5.0
CHAMPION_DAMAGED = 3  # the exit status of install_starter_model


class Command(BaseCommand):
    help = "Migrate, install the starter model, then run the web server and the worker until Ctrl-C."

    def handle(self, *args: object, **options: object) -> None:
        try:
            with stop_signals():
                require_writable(settings.VAR_DIR)
                with only_one(settings.VAR_DIR):
                    require_free_port(settings.HOST, settings.PORT)
                    self._prepare()
                    self._serve()
        except StopRequested:
            self.stdout.write("Stopped.")
        except (CannotStart, ServiceDied) as error:
            raise CommandError(str(error)) from error

    def _prepare(self) -> None:
        # The queue's bindings, made anew by the worker; a crash may have left one half written.
        shutil.rmtree(settings.VAR_DIR / "queue" / "control", ignore_errors=True)
        self.stdout.write("Preparing the database …")
        try:
            call_command("migrate", interactive=False, verbosity=0)
            self._install_model()
            call_command("create_demo_accounts", stdout=self.stdout, stderr=self.stderr)
        except DatabaseError as error:
            raise CannotStart(
                f"The database cannot be used ({str(error).strip()}): see that it runs and that DATABASE_URL is right."
            ) from error
        finally:
            connections.close_all()

    def _install_model(self) -> None:
        try:
            call_command("install_starter_model", stdout=self.stdout)
        except CommandError as error:
            if error.returncode != CHAMPION_DAMAGED:
                raise
            # What people enter is kept and labelled later, so the pages are worth starting.
            self.stderr.write(self.style.WARNING(str(error)))

    def _serve(self) -> None:
        web, worker = services(settings.VAR_DIR / "log")
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "trey_compliance.settings"}
        self.stdout.write("Starting the web server and the worker …")
        with ProcessGroup([web, worker], directory=settings.BASE_DIR, environment=environment) as group:
            if not wait_for(lambda: bool(readiness()), group, seconds=ANSWER_SECONDS):
                raise CannotStart(
                    f"The web server did not answer in {ANSWER_SECONDS:.0f} seconds. Its last words:\n{web.log_tail()}"
                )
            wait_for(lambda: readiness().get("status") == "ready", group, seconds=SETTLE_SECONDS)
            self._welcome(readiness())
            try:
                group.run()
            except StopRequested:
                self.stdout.write("\nStopping …")
                raise

    def _welcome(self, state: dict[str, object]) -> None:
        if state.get("status") == "ready":
            headline = self.style.SUCCESS("Trey Compliance is ready.")
        else:
            problems = state.get("problems")
            reasons = " ".join(map(str, problems)) if isinstance(problems, list) else "It does not answer."
            headline = self.style.WARNING(
                f"Trey Compliance runs, but is not ready: {reasons} What is submitted is kept and labelled later."
            )
        address = f"http://{local_host()}:{settings.PORT}/"
        self.stdout.write(
            f"\n{headline}\n\n  Open      {address}\n  API       {address}api/v1/docs/\n"
            f"  Logs      {settings.VAR_DIR / 'log'}\n  Stop      Ctrl-C\n"
        )
        self.stdout.flush()


def services(log: Path) -> tuple[Service, Service]:
    """The web server, and the worker that also keeps the schedule."""
    gunicorn = ("-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "trey_compliance.wsgi")
    celery = ("-m", "celery", "--app", "trey_compliance", "worker", "--beat")
    options = ("--loglevel", settings.LOG_LEVEL, "--without-mingle")
    return (
        Service("web server", (sys.executable, *gunicorn), log / "web.log"),
        Service("worker", (sys.executable, *celery, *options), log / "worker.log"),
    )


def local_host() -> str:
    """The host by which this machine reaches its own web server, as an address writes it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host


def readiness() -> dict[str, object]:
    """What /healthz/ready says; empty while the web server does not answer."""
    allowed = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    client = http.client.HTTPConnection(local_host().strip("[]"), settings.PORT, timeout=2)
    try:
        client.request("GET", "/healthz/ready", headers={"Host": allowed})
        answer = json.loads(client.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        client.close()
    return answer if isinstance(answer, dict) else {}
