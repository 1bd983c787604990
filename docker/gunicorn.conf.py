"""The web server: `python -m gunicorn --config docker/gunicorn.conf.py trey_compliance.wsgi`."""

import os
from pathlib import Path

from gunicorn.workers.base import Worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")

from django.conf import settings

_host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST

bind = f"{_host}:{settings.PORT}"
workers = settings.WEB_PROCESSES
worker_class = "gthread"
threads = settings.WEB_THREADS
# An ONNX session does not survive a fork: each process makes its own.
preload_app = False
# The heartbeat's file is touched every second; a disk that stalls must not kill a worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes a file of its own
timeout = 60
graceful_timeout = 5
keepalive = 75
accesslog = None
loglevel = settings.LOG_LEVEL.lower()
# Its default is one fixed path in the home directory, for which two installations would compete.
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Load the champion before the first request is taken."""
    from mlops import labeler

    labeler.start()
