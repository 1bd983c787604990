"""ONNX Runtime sends nothing to anybody from our processes.

Where it is to send something it gives the machine an identifier first, in a file of the account's cache: that shows
without waiting for it to send.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOAD = "from mlops.runtime.bundle import read; from mlops.runtime.servable import Servable; from pathlib import Path; "
LABEL = 'print(Servable.load(read(Path("mlops/starter"))).classify(["steel, 2012, good condition"])[0].label)'


def files_left_by(home: Path, **settings: str) -> list[str]:
    """What a process that labels one text leaves in the home of its account."""
    home.mkdir()
    # Of the shell's own nothing more: where ONNX Runtime finds itself in a continuous integration it keeps quiet.
    done = subprocess.run(
        [sys.executable, "-c", LOAD + LABEL],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "compliant\n"
    return sorted(file.name for file in home.rglob("*") if file.is_file())


def test_a_process_that_labels_gives_this_machine_no_identifier(tmp_path: Path) -> None:
    assert files_left_by(tmp_path / "home") == []


def test_the_test_would_see_one_that_does(tmp_path: Path) -> None:
    assert "deviceid" in files_left_by(tmp_path / "home", ORT_DISABLE_TELEMETRY="0")
