"""The web server: `python -m gunicorn --config docker/gunicorn.conf.py trey_compliance.wsgi`."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

try:
    _host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
except ImproperlyConfigured as error:
    sys.exit(f"The settings are not right: {error}")

# Memory with the interface of a directory, where there is one: a disk that is full or stalls must not kill a worker.
_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - files of its own are made in it
_METRICS = "PROMETHEUS_MULTIPROC_DIR"

bind = f"{_host}:{settings.PORT}"
workers = settings.WEB_PROCESSES
worker_class = "gthread"
threads = settings.WEB_THREADS
# An ONNX session does not survive a fork: each process makes its own.
preload_app = False
# The heartbeat's file is touched every second.
worker_tmp_dir = _memory
timeout = 60
graceful_timeout = 5
keepalive = 75
accesslog = None
loglevel = settings.LOG_LEVEL.lower()
# Its default is one fixed path in the home directory, for which two installations would compete.
control_socket_disable = True


def when_ready(server: Arbiter) -> None:
    """Have several processes count together, in a directory that no other server and no earlier run has used."""
    if workers > 1 and not os.environ.get(_METRICS):
        os.environ[_METRICS] = server.metrics_directory = tempfile.mkdtemp(prefix="trey-metrics-", dir=_memory)


def post_worker_init(worker: Worker) -> None:
    """Load the champion before the first request is taken."""
    from mlops import labeler

    labeler.start()


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Keep what a process that has ended counted, and forget what it measured while it lived."""
    if os.environ.get(_METRICS):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Clear up after a server that was killed outright, and cannot do so itself."""
    if os.getppid() != worker.ppid:
        _remove_metrics(server)


def on_exit(server: Arbiter) -> None:
    """Remove the directory of `when_ready`."""
    _remove_metrics(server)


def _remove_metrics(server: Arbiter) -> None:
    if directory := getattr(server, "metrics_directory", ""):
        shutil.rmtree(directory, ignore_errors=True)
