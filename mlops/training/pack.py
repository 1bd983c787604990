"""Puts a trained and measured model into a bundle."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mlops.contracts import Label
from mlops.evaluation_sets import built_in
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import Bundle
from mlops.runtime.manifest import Calibration
from mlops.training.calibration import scores
from mlops.training.card import Findings, write_card
from mlops.training.config import TrainingConfig
from mlops.training.errors import GoldenError
from mlops.training.evaluation import results_as_json
from mlops.training.export import IDS, LOGIT, MASK, ExportedModel
from mlops.training.golden import GOLDEN, GoldenText

_LIBRARIES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "numpy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class GoldenScores:
    """The golden texts the exported model gets right, with its scores, and those it gets wrong."""

    right: tuple[tuple[GoldenText, float], ...]
    wrong: tuple[GoldenText, ...]


def score_golden(exported: ExportedModel, *, calibration: Calibration, threshold: float) -> GoldenScores:
    """Ask the exported model about every golden text, one by one and all in one batch: it must be right both times.

    Raises GoldenError if it is wrong about a required one: a text of the reference data or the labels' direction.
    """
    texts = [golden.text for golden in GOLDEN]
    alone = scores(exported.logits(texts, batch_size=1), calibration)
    together = scores(exported.logits(texts), calibration)
    right: list[tuple[GoldenText, float]] = []
    wrong: list[GoldenText] = []
    for golden, one, other in zip(GOLDEN, alone, together, strict=True):
        said = {Label.of_score(float(score), threshold) for score in (one, other)}
        if said == {golden.label}:
            right.append((golden, float(one)))
        else:
            wrong.append(golden)
    if failed := [golden for golden in wrong if golden.required]:
        listed = "; ".join(f"{golden.text!r} is {golden.label}" for golden in failed)
        raise GoldenError(
            f"The model is wrong about texts beyond dispute, so it is not packed: {listed}. Train longer."
        )
    return GoldenScores(tuple(right), tuple(wrong))


def lineage_of(config: TrainingConfig, *, data_digest: str, data_counts: Mapping[str, int]) -> dict[str, Any]:
    """Where a bundle comes from: data, and the evaluation sets left out of it, code, configuration, libraries."""
    named = {"dataset": config.data.dataset} if config.data.dataset else {}
    return {
        **named,
        "data_digest": data_digest,
        "data_counts": dict(data_counts),
        "not_trained_on": [one.digest for one in built_in()],
        "code_commit": _commit(),
        "config": config.as_json(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def metrics_of(findings: Findings, *, training_seconds: float) -> dict[str, Any]:
    """The findings as plain numbers for the manifest."""
    before, after = findings.calibration_error
    return {
        "results": results_as_json(findings.results),
        "floor": {name: asdict(share) for name, share in findings.floor.items()},
        "calibration_error": {"before": before, "after": after},
        "parity": {name: asdict(parity) for name, parity in findings.parity.items()},
        "shipped": findings.shipped,
        "bytes": dict(findings.sizes),
        "speed_ms_per_text": [asdict(timing) for timing in findings.timings],
        "golden": {"wrong": [golden.text for golden in findings.golden_wrong], "asked": len(GOLDEN)},
        "training_seconds": round(training_seconds),
    }


def pack(
    out: Path,
    *,
    config: TrainingConfig,
    graph: bytes,
    tokenizer: bytes,
    reference: Mapping[str, Any],
    golden: GoldenScores,
    findings: Findings,
    lineage: Mapping[str, Any],
    training_seconds: float,
) -> Bundle:
    """Write the bundle at `out`, where nothing may be yet, and return it as it reads back."""
    samples = [
        {"text": text.text, "label": text.label.value, "kind": text.kind, "score": round(score, 6)}
        for text, score in golden.right
    ]
    fields = {
        "name": config.name,
        "version": config.version,
        "created_at": datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "labels": [Label.COMPLIANT.value, Label.NON_COMPLIANT.value],
        "input": {"ids": IDS, "mask": MASK, "max_tokens": config.max_tokens},
        "output": LOGIT,
        "calibration": {"method": "platt", **asdict(findings.calibration)},
        "threshold": config.threshold,
        "regulation": config.regulation,
        "metrics": metrics_of(findings, training_seconds=training_seconds),
        "lineage": dict(lineage),
    }
    files = {
        "model.onnx": graph,
        "tokenizer.json": tokenizer,
        "golden.json": _json({"samples": samples}),
        "reference.json": _json(reference),
        "card.md": write_card(config, findings, lineage).encode(),
    }
    return bundles.write(out, manifest_fields=fields, files=files)


def _json(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _commit() -> str:
    """The commit of the code, with "+changes" where files differ from it; "unknown" outside a checkout."""
    folder = Path(__file__).resolve().parent
    try:
        head = _git(folder, "rev-parse", "HEAD")
        return head + ("+changes" if _git(folder, "status", "--porcelain", "--", str(folder)) else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # fixed words only
    return done.stdout.strip()
