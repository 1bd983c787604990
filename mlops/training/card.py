"""The model card: what the model is for, what it gets right, and how that was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlops.metrics.shares import Share
from mlops.runtime.manifest import Calibration
from mlops.training.config import TrainingConfig
from mlops.training.evaluation import Mistake, Result
from mlops.training.export_parity import Parity
from mlops.training.export_speed import Timing
from mlops.training.golden import GoldenText

_MEANINGS: Mapping[str, str] = {
    "combinations": "facts never seen together in training, in known phrasings",
    "phrasings": "sentence plans never seen in training, half of their clauses in wordings never seen",
    "contrast": "negations and contrasts in plans and wordings never seen",
    "held_out": "a tenth of the file's texts, kept from training",
    "lab": "the ten texts of the reference data's public material",
    "boundary years": "1965, 1994, 1995 and 2024, in figures, in every phrasing that tells a year",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was measured of the graph that ships."""

    results: Mapping[str, Result]
    floor: Mapping[str, Share]
    calibration: Calibration
    calibration_error: tuple[float, float]
    parity: Mapping[str, Parity]
    shipped: str
    sizes: Mapping[str, int]
    timings: Sequence[Timing]
    golden_wrong: Sequence[GoldenText]
    mistakes: Sequence[Mistake]


def write_card(config: TrainingConfig, findings: Findings, lineage: Mapping[str, object]) -> str:
    """The card as Markdown."""
    parts = [
        _purpose(config, findings),
        _accuracy(findings),
        _limits(findings),
        _fidelity(findings),
        _speed(findings),
        _origin(config, lineage),
    ]
    return "\n\n".join(parts) + "\n"


def _purpose(config: TrainingConfig, findings: Findings) -> str:
    kind = "fine-tuned from a checkpoint" if config.pretrained else f"trained from scratch ({_shape(config)})"
    return f"""# {config.name}:{config.version}

Labels a free-text description of a vehicle component compliant or non-compliant with {config.regulation}. The score is
the probability of non-compliant; from {config.threshold:g} upwards the label is non-compliant.

A transformer encoder {kind}, shipped as an ONNX graph ({findings.shipped}, {findings.sizes[findings.shipped]:,} bytes).

**For** a first label at once, which a person can override, on English descriptions of up to {config.max_tokens} tokens.
**Not for** a verdict nobody looks at, other languages, other regulations, or facts that the text does not state:
what is not stated counts as not violated."""


def _shape(config: TrainingConfig) -> str:
    shape = config.architecture
    return f"{shape.kind}, {shape.layers} layers of width {shape.hidden}, {shape.heads} heads"


def _accuracy(findings: Findings) -> str:
    lines = [
        "## Accuracy",
        "",
        "Measured on the graph that ships. Intervals are 95 % Wilson intervals; the floor is TF-IDF with a logistic",
        "regression, trained and measured on the same texts.",
        "",
        "| texts | right | accuracy | 95 % interval | recall of non-compliant | calibration error | floor |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, result in findings.results.items():
        share, recall = result.accuracy, result.recall
        floor = f"{findings.floor[name].share:.1%}" if name in findings.floor else "–"
        lines.append(
            f"| {name} | {share.right} / {share.total} | {share.share:.2%} | {share.low:.2%} – {share.high:.2%} "
            f"| {recall.share:.2%} | {result.calibration_error:.4f} | {floor} |"
        )
    told = [f"* {name}: {_MEANINGS[name]}." for name in findings.results if name in _MEANINGS]
    told += [f"* {name}: written by hand, never trained on." for name in findings.results if name not in _MEANINGS]
    before, after = findings.calibration_error
    calibrated = (
        f"Calibration by Platt scaling on validation texts (scale {findings.calibration.scale:.4f}, offset "
        f"{findings.calibration.offset:.4f}): expected calibration error {before:.4f} before, {after:.4f} after."
    )
    return "\n".join([*lines, "", *told, "", calibrated, "", *_by_kind(findings.results)])


def _by_kind(results: Mapping[str, Result]) -> list[str]:
    lines = ["By kind of text:", "", "| texts | kind | right | accuracy |", "| --- | --- | --- | --- |"]
    for name, result in results.items():
        if len(result.kinds) > 1:
            lines += [
                f"| {name} | {kind} | {share.right} / {share.total} | {share.share:.2%} |"
                for kind, share in result.kinds.items()
            ]
    return lines


def _limits(findings: Findings) -> str:
    lines = ["## Limits", ""]
    if findings.golden_wrong:
        lines += ["Golden texts the model gets wrong, and which its bundle therefore does not carry:", ""]
        lines += [f"* {golden.text!r} is {golden.label} ({golden.kind})" for golden in findings.golden_wrong]
        lines.append("")
    lines += [
        "Learned from generated descriptions, not from a workshop's own: words for materials and conditions that the",
        "generator does not know are judged by their neighbours. Held-out texts labelled wrong, a few of each set:",
        "",
    ]
    lines += [f"* {m.text[:300]!r} (score {m.score:.3f}, truth {m.label}, {m.kind})" for m in findings.mistakes]
    return "\n".join(lines)


def _fidelity(findings: Findings) -> str:
    lines = [
        "## Fidelity of the export",
        "",
        "Every held-out text, exported graph against the trained model in PyTorch, after calibration. The last column",
        "is the largest difference between a text's score alone and in a batch with others: a past decision can be",
        "replayed only where there is none to speak of.",
        "",
        "| graph | bytes | same label | agreement | largest difference of scores | mean | alone or in a batch |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, parity in findings.parity.items():
        lines.append(
            f"| {name} | {findings.sizes[name]:,} | {parity.same_label} / {parity.texts} | {parity.agreement:.4%} "
            f"| {parity.largest_difference:.2e} | {parity.mean_difference:.2e} | {parity.company:.2e} |"
        )
    return "\n".join(lines)


def _speed(findings: Findings) -> str:
    lines = [
        "## Speed",
        "",
        "Milliseconds a text on one thread, tokenising included, after warm-up, turn by turn in one run on the machine",
        "that trained; compare the columns, not the machine.",
        "",
        "| batch size | model | p50 | p95 | p99 | times as fast as PyTorch (p50) |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    native = {timing.batch_size: timing.p50 for timing in findings.timings if timing.model == "torch"}
    for timing in findings.timings:
        ratio = native[timing.batch_size] / timing.p50
        lines.append(
            f"| {timing.batch_size} | {timing.model} | {timing.p50:.3f} | {timing.p95:.3f} | {timing.p99:.3f} "
            f"| {ratio:.1f} |"
        )
    return "\n".join(lines)


def _origin(config: TrainingConfig, lineage: Mapping[str, object]) -> str:
    counts, libraries = lineage["data_counts"], lineage["libraries"]
    told = "a file of labelled texts" if config.data.csv else "the project's own generator, anew for every epoch"
    return f"""## Data and origin

Training texts come from {told}; no held-out text and none of an evaluation set that ships stands in them (checked: 0).
Texts by split: {_pairs(counts)}. Digest of the data: `{lineage["data_digest"]}`.

Code: commit `{lineage["code_commit"]}`. Seed {config.seed}, {config.schedule.epochs} epochs.
Libraries: {_pairs(libraries)}.
The whole configuration stands in `manifest.json` under `lineage.config`; `manage.py train_model --config` reads it."""


def _pairs(values: object) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) if isinstance(values, dict) else str(values)
