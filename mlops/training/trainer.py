"""Fits the classifier: fresh texts each epoch, batches of like length, weights averaged over time."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from tqdm import tqdm

from mlops.training import tokenizer as tokens
from mlops.training.config import Schedule, TrainingConfig
from mlops.training.corpus import Sample, Source
from mlops.training.model import Classifier

Report = Callable[[str], None]
# Texts of like length are gathered within this many batches, so that batches stay mixed in all else.
_POOL = 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows ready for the model. A fact's answer is -100 where its value was never seen in the first epoch."""

    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor
    facts: dict[str, torch.Tensor]


class FactAnswers:
    """The auxiliary questions and the answers to each, numbered as they occur in the texts."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        names = sorted({name for sample in samples for name in sample.facts})
        self._numbers = {
            name: {value: index for index, value in enumerate(sorted({sample.facts[name] for sample in samples}))}
            for name in names
        }

    @property
    def sizes(self) -> dict[str, int]:
        return {name: len(values) for name, values in self._numbers.items()}

    def of(self, sample: Sample) -> dict[str, int]:
        return {name: values.get(sample.facts[name], -100) for name, values in self._numbers.items()}


class Trainer:
    """One training run. `fit` leaves the averaged weights in the model and the model ready to judge.

    `seconds` is the time spent on updates, that of a run taken up again included.
    """

    def __init__(self, config: TrainingConfig, model: Classifier, tokenizer: Tokenizer, answers: FactAnswers) -> None:
        self._config, self._model, self._tokenizer, self._answers = config, model, tokenizer, answers
        self._pad = tokens.pad_id_of(tokenizer)
        self._optimizer = torch.optim.AdamW(
            _groups(model, config.schedule.weight_decay), config.schedule.learning_rate, fused=True
        )
        self._dropout = tokens.SubwordDropout(tokenizer, config.schedule.subword_dropout)
        self._average = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self._step = 0
        self.seconds = 0.0

    def fit(self, source: Source, *, checkpoint: Path, progress: Report, after_epoch: Report | None = None) -> None:
        """Train for all epochs, beginning after the last one in `checkpoint` if it is of this configuration."""
        schedule = self._config.schedule
        start = self._resume(checkpoint, progress)
        for epoch in range(start, schedule.epochs):
            samples = source.epoch(epoch)
            rng = Random(f"{self._config.seed}/{epoch}")
            torch.manual_seed(self._config.seed + epoch)
            total = schedule.epochs * math.ceil(len(samples) / schedule.batch_size)
            started = time.monotonic()
            loss = self._one_epoch(self._batches(samples, rng), len(samples), epoch, total)
            self.seconds += time.monotonic() - started
            self._save(checkpoint, epoch + 1)
            progress(f"Epoch {epoch + 1} of {schedule.epochs}: mean loss {loss:.4f} over {len(samples)} texts.")
            if after_epoch:
                after_epoch(str(epoch + 1))
        self._model.load_state_dict(self._average)
        self._model.eval()

    def _one_epoch(self, batches: Iterator[Batch], texts: int, epoch: int, total: int) -> float:
        """The mean loss of the label over an epoch of `texts`; a progress bar shows it where a person watches."""
        self._model.train()
        watched = sys.stderr.isatty()
        losses = 0.0
        with tqdm(total=texts, desc=f"epoch {epoch + 1}", unit="text", file=sys.stderr, disable=not watched) as bar:
            for batch in batches:
                losses += self._update(batch, _rate(self._config.schedule, self._step, total)) * len(batch.labels)
                self._step += 1
                bar.update(len(batch.labels))
        return losses / texts

    def _update(self, batch: Batch, rate: float) -> float:
        schedule = self._config.schedule
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast("cpu", torch.bfloat16, enabled=schedule.bfloat16):
            label, facts = self._model.with_facts(batch.ids, batch.mask)
        target = batch.labels * (1 - schedule.label_smoothing) + schedule.label_smoothing / 2
        loss = nn.functional.binary_cross_entropy_with_logits(label.float(), target)
        total = loss
        for name, logits in facts.items():
            total = total + schedule.fact_weight * nn.functional.cross_entropy(logits.float(), batch.facts[name])
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        nn.utils.clip_grad_norm_(self._model.parameters(), schedule.clip)
        self._optimizer.step()
        self._follow()
        return float(loss.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the averaged weights towards the current ones, faster while training is young."""
        decay = min(self._config.schedule.average_decay, (1 + self._step) / (10 + self._step))
        for name, value in self._model.state_dict().items():
            if value.dtype.is_floating_point:
                self._average[name].lerp_(value, 1 - decay)
            else:
                self._average[name].copy_(value)

    def _batches(self, samples: Sequence[Sample], rng: Random) -> Iterator[Batch]:
        rows = tokens.encode(self._tokenizer, [sample.text for sample in samples], max_tokens=self._config.max_tokens)
        rows = [tokens.cut(self._dropout.apply(row, rng), self._config.max_tokens) for row in rows]
        order = list(range(len(rows)))
        rng.shuffle(order)
        size = self._config.schedule.batch_size
        batches: list[list[int]] = []
        for start in range(0, len(order), size * _POOL):
            pool = sorted(order[start : start + size * _POOL], key=lambda index: len(rows[index]))
            batches += [pool[at : at + size] for at in range(0, len(pool), size)]
        rng.shuffle(batches)
        return (self._batch([rows[i] for i in batch], [samples[i] for i in batch]) for batch in batches)

    def _batch(self, rows: Sequence[Sequence[int]], samples: Sequence[Sample]) -> Batch:
        ids, mask = tokens.pad(rows, self._pad)
        answers = [self._answers.of(sample) for sample in samples]
        facts = {name: torch.tensor([answer[name] for answer in answers]) for name in self._answers.sizes}
        labels = torch.tensor([float(sample.label) for sample in samples])
        return Batch(torch.from_numpy(ids), torch.from_numpy(mask), labels, facts)

    def _save(self, path: Path, epochs_done: int) -> None:
        """Written beside and renamed: a run that is cut off leaves the last whole checkpoint."""
        state = {
            "config": self._config.as_json(),
            "tokenizer": self._tokenizer.to_str(),
            "epochs_done": epochs_done,
            "step": self._step,
            "seconds": self.seconds,
            "model": self._model.state_dict(),
            "average": self._average,
            "optimizer": self._optimizer.state_dict(),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        torch.save(state, beside)
        beside.replace(path)

    def _resume(self, path: Path, progress: Report) -> int:
        if not path.exists():
            return 0
        state: Mapping[str, Any] = torch.load(path, weights_only=True)
        if state["config"] != self._config.as_json() or state["tokenizer"] != self._tokenizer.to_str():
            progress("The checkpoint found is of another configuration or of other texts; training begins anew.")
            return 0
        self._model.load_state_dict(state["model"])
        self._average = dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._step, self.seconds = int(state["step"]), float(state["seconds"])
        progress(f"Training goes on after epoch {state['epochs_done']}.")
        return int(state["epochs_done"])


def _groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Only matrices decay; biases, norms and scales do not."""
    matrices = [value for value in model.parameters() if value.ndim >= 2]
    others = [value for value in model.parameters() if value.ndim < 2]
    return [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def _rate(schedule: Schedule, step: int, total: int) -> float:
    """The learning rate of a step: up in a line, then down along a half cosine."""
    rising = max(1, round(total * schedule.warm_up))
    if step < rising:
        return schedule.learning_rate * (step + 1) / rising
    share = min(1.0, (step - rising) / max(1, total - rising))
    return schedule.learning_rate * 0.5 * (1 + math.cos(math.pi * share))


def logits(
    model: Classifier, tokenizer: Tokenizer, texts: Sequence[str], *, max_tokens: int, batch_size: int = 128
) -> list[float]:
    """The native model's logit of each text, in their order, without reduced precision."""
    rows = tokens.encode(tokenizer, texts, max_tokens=max_tokens)
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    found = [0.0] * len(rows)
    pad = tokens.pad_id_of(tokenizer)
    model.eval()
    with torch.inference_mode():
        for part in _chunks(order, batch_size):
            ids, mask = tokens.pad([rows[index] for index in part], pad)
            values = model(torch.from_numpy(ids), torch.from_numpy(mask)).tolist()
            for index, value in zip(part, values, strict=True):
                found[index] = float(value)
    return found


def _chunks(order: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (order[start : start + size] for start in range(0, len(order), size))
