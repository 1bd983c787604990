"""A small history by the real services, and packs of it, whole and tampered with."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from audit import anchors
from audit.services import record
from components.models import Component, Decision, User
from components.packs.scope import Scope
from components.services import label_pending, submit_component
from components.services.deciding import decide, undo
from components.services.exporting import Pack, export
from components.services.questions import answer
from components.services.reviewing import claim
from mlops.models import Deployment, ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.told import draw_everything

FORMULA = '=HYPERLINK("http://x","y"), iron\r\nsecond line'
ODD = 'قطعة "حديد", عجلة 🚗 steel, 2012'
NOTE = "-1+1, see «the drawing»"


@pytest.fixture
def anchor_file(settings: Settings, tmp_path: Path) -> Path:
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def everything_reviewed(admin: User) -> None:
    """A person looks at every component, sees the model's answer, and nobody looks twice."""
    draw_everything(by=admin)


def decided(component: Component, *, by: User, **verdict: object) -> Decision:
    """The officer's decision on the component's open review."""
    component.refresh_from_db()
    review = component.reviews.unfinished().get()
    held = claim(review_id=review.pk, by=by)
    told = {"outcome": "confirm", "number": component.description_number, "seconds": 12.5, **verdict}
    return decide(review_id=review.pk, lease=held.lease, by=by, **told)


@pytest.fixture
def story(
    champion: ModelVersion, everything_reviewed: None, anchor_file: Path, admin: User, technician: User, officer: User
) -> dict[str, Component]:
    """Components by what happened to them: overridden, undone, asked, and two that were labelled in one go."""
    found = {
        "overridden": submit_component(description=FORMULA, external_id="@TR-1", by=technician),
        "undone": submit_component(description=ODD, by=technician),
        "asked": submit_component(description=COMPLIANT_TEXT, by=technician),
    }
    decided(found["overridden"], by=officer, outcome="override", label="compliant", reason_code="negation", note=NOTE)
    undo(decision_id=decided(found["undone"], by=officer).pk, by=officer)
    anchors.take(anchor_file)
    decided(found["undone"], by=officer)
    question = decided(found["asked"], by=officer, outcome="ask", note="Which year?")
    answer(decision_id=question.pk, text="+2012, as it says", by=technician)
    Deployment.objects.update(ended_at=timezone.now())
    serving.reconcile()
    found["waited"] = submit_component(description=NON_COMPLIANT_TEXT, by=technician)
    found["beside"] = submit_component(description="of nobody's concern, iron", by=technician)
    deploy_champion(champion, by=admin)
    serving.reconcile()
    label_pending()
    decided(found["waited"], by=officer)
    with transaction.atomic():
        record("logged_in", by=admin, subject=admin)
    anchors.take(anchor_file)
    return found


@pytest.fixture
def pack(story: dict[str, Component], tmp_path: Path) -> Callable[..., Pack]:
    """`pack(scope)` is the pack of it as the command line makes it; without one, of today's decisions."""

    def made(scope: Scope | None = None, by: User | None = None) -> Pack:
        return export(scope or today(), to=tmp_path / f"{len(list(tmp_path.iterdir()))}.zip", by=by)

    return made


def today() -> Scope:
    return Scope(since=timezone.localdate(), until=timezone.localdate())


@pytest.fixture(scope="session")
def packed() -> list[bytes]:
    """The pack that `unpacked` is a copy of, once a test asked for it."""
    return []


@pytest.fixture
def unpacked(packed: list[bytes], request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A pack of today's decisions, unpacked as an auditor would: the same for all tests, each with files of its own."""
    if not packed:
        packed.append(request.getfixturevalue("pack")().path.read_bytes())
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(BytesIO(packed[0])) as archive:
        archive.extractall(folder)
    return folder


def verify(path: Path, *options: str, script: Path | None = None) -> tuple[int, str]:
    """Exit status and words of the verifier, run by a bare Python."""
    found = subprocess.run(
        [sys.executable, "-I", "-S", script or path / "verify.py", path, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.returncode, found.stdout + found.stderr
