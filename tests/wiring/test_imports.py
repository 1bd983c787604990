"""What trains and what talks to clouds never loads where requests are served."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("torch", "transformers", "sklearn", "scipy", "onnx", "azure", "mlflow", "mlops.training")

_LABEL_A_TEXT = """
import sys
from pathlib import Path
{first}
from mlops.runtime.bundle import read
from mlops.runtime.servable import Servable
print(Servable.load(read(Path("mlops/starter"))).classify(["steel, 2012, good condition"])[0].label)
print(sorted(name for name in {heavy} if name in sys.modules))
"""
_WEB = """
import trey_compliance.wsgi
from django.urls import get_resolver
assert get_resolver().url_patterns
import components.tasks, mlops.labeler
"""


def run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("first", [_WEB, ""], ids=["web", "label"])
def test_neither_the_web_nor_the_label_path_loads_what_is_heavy(first: str) -> None:
    assert run(_LABEL_A_TEXT.format(first=first, heavy=HEAVY)) == ["compliant", "[]"]


def test_the_test_would_see_one_that_does() -> None:
    assert run(_LABEL_A_TEXT.format(first="import sklearn", heavy=HEAVY))[1] == "['scipy', 'sklearn']"
