"""Installations of their own for tests that start real processes: the embedded default in a directory."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.services import ROOT

PATIENCE_SECONDS = 120


def environment_of(var: Path, **settings: str) -> dict[str, str]:
    """The environment of the processes of an installation that keeps its things in `var`."""
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return {**ours, "VAR_DIR": str(var), "MODEL_WATCH_SECONDS": "1", **settings}


def manage(
    *words: str, environment: Mapping[str, str], root: Path = ROOT, given: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these words, run to its end."""
    run = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=root,
        env=environment,
        input=given,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return subprocess.CompletedProcess(run.args, run.returncode, run.stdout.decode(), run.stderr.decode())
