"""A bundle that is opened in a process of its own says what it is worth."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from mlops.contracts import Label
from mlops.exceptions import LoadError
from mlops.runtime import examiner
from mlops.runtime.bundle import read
from mlops.runtime.checks import Check, result_of
from mlops.runtime.examiner import Examination, Limits, examine, score
from tests.bad_bundles import HARMFUL, MEMORY, Bad, bad_bundles
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, tiny_tokenizer, write_tiny_bundle
from tests.runtime.test_runtime_imports import HEAVY, loaded

LIMITS = Limits(seconds=60, memory_bytes=MEMORY)
CHECKS = [
    "files", "opening", "inputs and outputs", "odd texts", "different answers", "both labels", "golden samples",
    "alone and together",
]  # fmt: skip
TEXTS = [COMPLIANT_TEXT, NON_COMPLIANT_TEXT, "", "\ud83d", "plastic \x00 " * 50]


def examined(path: Path, limits: Limits = LIMITS) -> Examination:
    return examine(path, read(path).digest, limits=limits)


def test_a_sound_bundle_passes_every_check_and_each_says_what_it_found(tmp_path: Path) -> None:
    found = examined(write_tiny_bundle(tmp_path / "bundle"))

    assert [(check.name, check.passed) for check in found.checks] == [(name, True) for name in CHECKS]
    assert all(check.detail.endswith(".") for check in found.checks)
    assert (found.passed, found.problem) == (True, "")
    assert 0 < found.seconds < 60
    assert 30 * 1024**2 < found.peak_bytes < MEMORY


def fails_as_it_should(bad: Bad, checks: Sequence[Check]) -> None:
    assert [check.name for check in checks] == CHECKS[: CHECKS.index(bad.check) + 1]
    assert [check.passed for check in checks] == [True] * CHECKS.index(bad.check) + [False]
    assert bad.reason in checks[-1].detail


@pytest.mark.parametrize("kind", [kind for kind in bad_bundles() if kind not in HARMFUL])
def test_a_bad_model_fails_the_check_that_says_most_of_it(tmp_path: Path, kind: str) -> None:
    from mlops.runtime.trial import Trial

    bad: Bad = bad_bundles()[kind]
    bundle = read(write_tiny_bundle(tmp_path / "bundle", **bad.parts))
    checks = []
    for name, step in Trial(bundle.path, bundle.digest, threads=1).steps():
        checks.append(result_of(name, step))
        if not checks[-1].passed:
            break
    fails_as_it_should(bad, checks)


@pytest.mark.parametrize("kind", [*HARMFUL, "golden samples it gets wrong"])
def test_a_bad_model_harms_nobody_but_the_process_of_its_own(tmp_path: Path, kind: str) -> None:
    bad: Bad = bad_bundles()[kind]
    bundle = read(write_tiny_bundle(tmp_path / "bundle", **bad.parts))
    limits = Limits(bad.seconds, MEMORY)

    found = examine(bundle.path, bundle.digest, limits=limits)

    assert not found.passed
    fails_as_it_should(bad, found.checks)
    assert found.problem == f"{bad.check}: {found.checks[-1].detail}"
    with pytest.raises(LoadError, match=re.escape(bad.reason)):
        score(bundle.path, bundle.digest, TEXTS, limits=limits)


def test_files_that_are_not_those_of_the_digest_are_not_opened(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "bundle")
    other = read(write_tiny_bundle(tmp_path / "other", version="2")).digest

    found = examine(bundle, other, limits=LIMITS)

    assert [check.name for check in found.checks] == ["files"]
    assert "was expected" in found.problem


def test_the_starter_model_passes() -> None:
    from mlops.services.installing import STARTER_BUNDLE

    assert examined(STARTER_BUNDLE, Limits(120, 4 * 1024**3)).problem == ""


def test_texts_are_labelled_as_they_are_in_this_process(tmp_path: Path) -> None:
    from mlops.runtime.servable import Servable

    bundle = read(write_tiny_bundle(tmp_path / "bundle"))
    here = Servable.load(bundle).classify(TEXTS)

    said = score(bundle.path, bundle.digest, TEXTS, limits=LIMITS, alone=2)

    assert said.labels == tuple(answer.label for answer in here)
    assert said.scores == pytest.approx([answer.score for answer in here], abs=1e-6)
    assert len(said.latency_ms) == 2
    assert all(0 < milliseconds < 10_000 for milliseconds in said.latency_ms)
    assert 0 < said.seconds < 60
    assert 30 * 1024**2 < said.peak_bytes < MEMORY


@pytest.mark.parametrize(("texts", "alone", "timed"), [(0, 5, 0), (3, 0, 0), (3, 5, 3), (300, 10, 10)])
def test_as_many_texts_are_timed_as_were_asked_for_and_there_are(
    tmp_path: Path, texts: int, alone: int, timed: int
) -> None:
    bundle = read(write_tiny_bundle(tmp_path / "bundle"))

    said = score(bundle.path, bundle.digest, [NON_COMPLIANT_TEXT] * texts, limits=LIMITS, alone=alone)

    assert said.labels == (Label.NON_COMPLIANT,) * texts
    assert len(said.latency_ms) == timed


def test_nothing_of_the_environment_is_handed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of nobody's business")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/lib")
    assert sorted(examiner._environment()) == [
        "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "PYTHONPATH",
        "TOKENIZERS_PARALLELISM",
    ]  # fmt: skip


def test_the_process_that_opens_bundles_knows_no_django() -> None:
    assert loaded("mlops.runtime.examinee, mlops.runtime.trial", HEAVY) == []


def test_who_asks_loads_nothing_that_runs_a_model() -> None:
    assert loaded("mlops.runtime.examiner", [*HEAVY, "onnxruntime", "tokenizers", "numpy"]) == []


def test_a_bundle_is_opened_without_a_byte_written_anywhere(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "bundle")
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]}
    for path in bundle.iterdir():
        path.chmod(0o444)

    assert examined(bundle).passed

    assert {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]} == before


@pytest.mark.parametrize("written", ["A\0B", "A" * 1_000_000, "A\nB\u202eC"], ids=["nul", "long", "unprintable"])
def test_what_a_bundle_has_a_library_say_can_be_kept_and_shown(tmp_path: Path, written: str) -> None:
    tokenizer = json.loads(tiny_tokenizer()) | {"version": written}
    path = write_tiny_bundle(tmp_path / "bundle", tokenizer=json.dumps(tokenizer).encode())

    examination = examined(path)

    assert not examination.passed
    assert examination.problem.isprintable()
    assert 0 < len(examination.problem) < 600


def test_a_bundle_that_vanishes_is_a_failed_check(tmp_path: Path) -> None:
    bundle = read(write_tiny_bundle(tmp_path / "bundle"))
    shutil.rmtree(bundle.path)
    assert "cannot be read" in examine(bundle.path, bundle.digest, limits=LIMITS).problem
