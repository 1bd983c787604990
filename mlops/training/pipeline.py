"""From a configuration to a bundle: draw, learn, calibrate, export, check, measure, pack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from mlops.metrics.calibration import expected_calibration_error
from mlops.runtime.bundle import Bundle
from mlops.runtime.manifest import Calibration
from mlops.training import tokenizer as tokens
from mlops.training.calibration import fit_platt, scores
from mlops.training.card import Findings
from mlops.training.config import TrainingConfig
from mlops.training.corpus import Corpus, Sample, Source, read_csv, source_of
from mlops.training.evaluation import Mistake, Result, measure, mistakes
from mlops.training.export import ExportedModel, to_int8, to_onnx
from mlops.training.export_parity import Parity, compare, int8_may_ship, require_fp32
from mlops.training.export_speed import Timing, compare_speed
from mlops.training.floor import measure_floor
from mlops.training.golden import boundary_texts, lab_texts
from mlops.training.model import Classifier, from_checkpoint, from_scratch
from mlops.training.pack import GoldenScores, lineage_of, pack, score_golden
from mlops.training.reference import reference_of
from mlops.training.trainer import FactAnswers, Trainer, logits

Progress = Callable[[str], None]

_LISTED_MISTAKES = 5
_ASKED_ALONE = 1000


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model with its tokenizer and calibration, and the seconds it took."""

    model: Classifier
    tokenizer: Tokenizer
    calibration: Calibration
    seconds: float


@dataclass(frozen=True, slots=True)
class Exported:
    """The graph that ships, and how it and its alternative compare with the trained model."""

    graph: bytes
    name: str
    parity: dict[str, Parity]
    sizes: dict[str, int]
    graphs: dict[str, bytes]


def train(config: TrainingConfig, out: Path, progress: Progress) -> Bundle:
    """Train as configured and pack the result at `out`; `progress` is told a sentence at each step.

    An interrupted run of the same configuration goes on from its last epoch. Raises TrainingError, and nothing
    is at `out`, where the model may not ship; FileExistsError where something is there already.
    """
    if out.exists():
        raise FileExistsError(f"There is something at {out} already: name a directory that does not exist yet.")
    torch.set_num_threads(config.schedule.threads)
    torch.manual_seed(config.seed)
    source = source_of(config.data, seed=config.seed)
    corpus = source.corpus()
    progress(f"Drew {corpus.counts['train']} training texts an epoch; no held-out text is among them.")
    checkpoint = out.with_name(f".{out.name}.checkpoint")
    trained = _learn(config, source, corpus, checkpoint, progress)
    exported = _export(config, trained, corpus, progress)
    bundle = _measure_and_pack(config, trained, exported, corpus, out, progress)
    checkpoint.unlink(missing_ok=True)
    return bundle


def _learn(config: TrainingConfig, source: Source, corpus: Corpus, checkpoint: Path, progress: Progress) -> Trained:
    answers = FactAnswers(corpus.train)
    if config.pretrained:
        tokenizer = tokens.open_pretrained(Path(config.pretrained))
        encoder = from_checkpoint(Path(config.pretrained))
    else:
        tokenizer = tokens.learn((sample.text for sample in corpus.train), vocabulary=config.vocabulary)
        encoder = from_scratch(config.architecture, vocabulary=tokenizer.get_vocab_size(), max_tokens=config.max_tokens)
    model = Classifier(encoder, answers.sizes)
    trainer = Trainer(config, model, tokenizer, answers)
    trainer.fit(source, checkpoint=checkpoint, progress=progress)
    labels = [sample.label for sample in corpus.validation]
    said = logits(model, tokenizer, [sample.text for sample in corpus.validation], max_tokens=config.max_tokens)
    return Trained(model, tokenizer, fit_platt(said, labels), trainer.seconds)


def _export(config: TrainingConfig, trained: Trained, corpus: Corpus, progress: Progress) -> Exported:
    """Export in single precision and in eight bits; ship the smaller where it may stand in for the model."""
    texts = [sample.text for samples in corpus.held_out.values() for sample in samples]
    native = logits(trained.model, trained.tokenizer, texts, max_tokens=config.max_tokens)
    whole = to_onnx(trained.model, vocabulary=trained.tokenizer.get_vocab_size())
    graphs = {"fp32": whole, "int8": to_int8(whole)}
    models = {
        name: ExportedModel(graph, trained.tokenizer, max_tokens=config.max_tokens) for name, graph in graphs.items()
    }
    parity = {
        name: compare(
            native,
            model.logits(texts),
            alone=model.logits(texts[:_ASKED_ALONE], batch_size=1),
            calibration=trained.calibration,
            threshold=config.threshold,
        )
        for name, model in models.items()
    }
    require_fp32(parity["fp32"])
    name = "int8" if int8_may_ship(parity["int8"]) else "fp32"
    for graph, found in parity.items():
        progress(f"The {graph} graph agrees with the trained model on {found.same_label} of {found.texts} labels.")
    sizes = {graph: len(content) for graph, content in graphs.items()}
    return Exported(graphs[name], name, parity, sizes, graphs)


def _measure_and_pack(
    config: TrainingConfig,
    trained: Trained,
    exported: Exported,
    corpus: Corpus,
    out: Path,
    progress: Progress,
) -> Bundle:
    shipped = ExportedModel(exported.graph, trained.tokenizer, max_tokens=config.max_tokens)
    golden = score_golden(shipped, calibration=trained.calibration, threshold=config.threshold)
    held = [sample.text for samples in corpus.held_out.values() for sample in samples]
    reference = reference_of(
        held,
        scores(shipped.logits(held), trained.calibration),
        tokenizer=trained.tokenizer,
        threshold=config.threshold,
        max_tokens=config.max_tokens,
    )
    return pack(
        out,
        config=config,
        graph=exported.graph,
        tokenizer=tokens.as_bytes(trained.tokenizer),
        reference=reference,
        golden=golden,
        findings=_measure(config, trained, exported, shipped, golden, corpus, progress),
        lineage=lineage_of(config, data_digest=corpus.digest, data_counts=corpus.counts),
        training_seconds=trained.seconds,
    )


def _measure(
    config: TrainingConfig,
    trained: Trained,
    exported: Exported,
    shipped: ExportedModel,
    golden: GoldenScores,
    corpus: Corpus,
    progress: Progress,
) -> Findings:
    """All that the card says of the graph that ships."""
    sets = _measured_sets(config, corpus)
    results: dict[str, Result] = {}
    wrong: list[Mistake] = []
    for name, samples in sets.items():
        given = scores(shipped.logits([sample.text for sample in samples]), trained.calibration)
        results[name] = measure(samples, given, threshold=config.threshold)
        if name in corpus.held_out:
            wrong += mistakes(samples, given, threshold=config.threshold)[:_LISTED_MISTAKES]
        progress(f"{name}: {results[name].accuracy.share:.2%} of {len(samples)} right.")
    return Findings(
        results=results,
        floor=measure_floor(corpus.train, sets, seed=config.seed),
        calibration=trained.calibration,
        calibration_error=_calibration_errors(config, trained, shipped, corpus.validation),
        parity=exported.parity,
        shipped=exported.name,
        sizes=exported.sizes,
        timings=_timings(config, trained, exported, corpus),
        golden_wrong=golden.wrong,
        mistakes=wrong,
    )


def _measured_sets(config: TrainingConfig, corpus: Corpus) -> dict[str, Sequence[Sample]]:
    sets: dict[str, Sequence[Sample]] = dict(corpus.held_out)
    sets |= {"lab": lab_texts(), "boundary years": boundary_texts()}
    return sets | {Path(path).stem: read_csv(Path(path)) for path in config.data.notes}


def _calibration_errors(
    config: TrainingConfig, trained: Trained, shipped: ExportedModel, validation: Sequence[Sample]
) -> tuple[float, float]:
    """The expected calibration error on held-in validation texts before and after Platt scaling."""
    said = shipped.logits([sample.text for sample in validation])
    labels = [sample.label for sample in validation]
    raw = scores(said, Calibration(scale=1.0, offset=0.0))
    return (
        expected_calibration_error(raw, labels),
        expected_calibration_error(scores(said, trained.calibration), labels),
    )


def _timings(config: TrainingConfig, trained: Trained, exported: Exported, corpus: Corpus) -> list[Timing]:
    """All models on one thread, as the card promises."""
    torch.set_num_threads(1)
    texts = [sample.text for samples in corpus.held_out.values() for sample in samples][:2000]
    models = {
        name: ExportedModel(graph, trained.tokenizer, max_tokens=config.max_tokens)
        for name, graph in exported.graphs.items()
    }
    try:
        return compare_speed(
            {
                "torch": lambda batch: logits(trained.model, trained.tokenizer, batch, max_tokens=config.max_tokens),
                **{name: model.logits for name, model in models.items()},
            },
            texts,
        )
    finally:
        torch.set_num_threads(config.schedule.threads)
