"""What trains and what talks to clouds never loads where requests are served."""

import importlib.util
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
_TASKS = """
from trey_compliance.celery import app
app.loader.import_default_modules()
assert any(name.startswith("components.tasks") for name in app.tasks)
"""
_REGISTRY = """
import django, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")
django.setup()
import pkgutil, mlops.services, importlib
for module in pkgutil.iter_modules(mlops.services.__path__, "mlops.services."):
    importlib.import_module(module.name)
from mlops.services import registry
assert type(registry.current()).__name__ == "LocalRegistry"
"""


def run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("first", [_WEB, _WEB + _TASKS, _REGISTRY, ""], ids=["web", "tasks", "services", "label"])
def test_nothing_that_serves_or_queues_or_decides_loads_what_is_heavy(first: str) -> None:
    assert run(_LABEL_A_TEXT.format(first=first, heavy=HEAVY)) == ["compliant", "[]"]


def test_all_of_it_is_installed_so_that_it_could_be_loaded() -> None:
    assert [name for name in HEAVY if importlib.util.find_spec(name) is None] == []


@pytest.mark.parametrize(
    ("first", "seen"), [("import sklearn", "['scipy', 'sklearn']"), ("import azure.core", "['azure']")]
)
def test_the_test_would_see_one_that_does(first: str, seen: str) -> None:
    assert run(_LABEL_A_TEXT.format(first=first, heavy=HEAVY))[1] == seen
