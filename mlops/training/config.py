"""The recorded configuration of a training run: read from JSON, written into the lineage of the bundle."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from mlops.training.errors import ConfigError

_CONFIGS = Path(__file__).resolve().parent / "configs"
STARTER = _CONFIGS / "starter.json"
QUICK = _CONFIGS / "quick.json"


class _Section:
    """A part of the configuration that refuses names it does not know."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The section that JSON describes; a list becomes a tuple. Raises ConfigError for a name that is not known."""
        known = {item.name for item in fields(cls)}  # type: ignore[arg-type]
        if unknown := sorted(set(values) - known):
            raise ConfigError(
                f"The training configuration has no setting {', '.join(unknown)}; known: {sorted(known)}."
            )
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Data(_Section):
    """Where texts come from. Sizes count texts; `train` texts are drawn anew for every epoch.

    `kind`: draw this one kind of generated text only, say "lab": the reference data's three phrasings.
    `csv`: columns text,label (0 compliant, 1 non-compliant) to train on instead of generated texts.
    `dataset`: the registered data set that `csv` is, as "name:version"; the lineage repeats it.
    `notes`: hand-written CSV files, columns text,label[,kind], that are only ever measured on.
    """

    train: int = 60_000
    validation: int = 3_000
    test: int = 3_000
    kind: str | None = None
    csv: str | None = None
    dataset: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Architecture(_Section):
    """An encoder trained from scratch; `kind` names a family of transformers' classes (see model.py)."""

    kind: str = "roformer"
    hidden: int = 128
    layers: int = 4
    heads: int = 4
    intermediate: int = 512
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class Schedule(_Section):
    """How the weights are fitted.

    `fact_weight` weighs the auxiliary questions (which year, condition, material) against the label.
    `subword_dropout` is the share of tokens taken apart while training, so that words are known by their pieces too.
    `warm_up` is the share of all steps over which the learning rate rises; it then follows a cosine to zero.
    """

    epochs: int = 8
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: float = 0.1
    clip: float = 1.0
    label_smoothing: float = 0.0
    average_decay: float = 0.999
    fact_weight: float = 0.3
    subword_dropout: float = 0.05
    bfloat16: bool = True
    threads: int = 2


@dataclass(frozen=True, slots=True)
class TrainingConfig(_Section):
    """Everything that decides a training run, besides the code and the libraries."""

    name: str = "component-compliance"
    version: str = "1"
    regulation: str = "TREY-2019-1"
    seed: int = 2019
    vocabulary: int = 3_000
    max_tokens: int = 128
    threshold: float = 0.5
    pretrained: str | None = None
    data: Data = field(default_factory=Data)
    architecture: Architecture = field(default_factory=Architecture)
    schedule: Schedule = field(default_factory=Schedule)

    @classmethod
    def load(cls, path: Path) -> "TrainingConfig":
        """The configuration in a JSON file. Raises ConfigError with what is wrong and where."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"The training configuration {path} cannot be read: {error}.") from error
        if not isinstance(values, dict):
            raise ConfigError(f"The training configuration {path} must be a JSON object.")
        return cls.from_json(values)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "TrainingConfig":
        """The configuration that `as_json` wrote; settings left out take their defaults."""
        sections: dict[str, type[_Section]] = {"data": Data, "architecture": Architecture, "schedule": Schedule}
        config = cls.of(
            {name: sections[name].of(value) if name in sections else value for name, value in values.items()}
        )
        config.check()
        return config

    def as_json(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `from_json` reads them back to an equal configuration."""
        values = asdict(self)
        values["data"]["notes"] = list(self.data.notes)
        return values

    def check(self) -> None:
        """Raises ConfigError for values no run could use."""
        for name, value, low, high in (
            ("threshold", self.threshold, 0.01, 0.99),
            ("max_tokens", self.max_tokens, 16, 512),
            ("vocabulary", self.vocabulary, 120, 60_000),
            ("schedule.epochs", self.schedule.epochs, 1, 1_000),
            ("schedule.batch_size", self.schedule.batch_size, 1, 4_096),
            ("schedule.subword_dropout", self.schedule.subword_dropout, 0.0, 0.5),
            ("schedule.average_decay", self.schedule.average_decay, 0.0, 0.99999),
        ):
            if not low <= value <= high:
                raise ConfigError(f"{name} must lie between {low} and {high}, not {value}.")
        if self.architecture.hidden % self.architecture.heads:
            raise ConfigError("architecture.hidden must be a multiple of architecture.heads.")
