"""Fitting is repeatable, can be taken up again, and learns."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from mlops.training import tokenizer as tokens
from mlops.training.config import Architecture, Data, Schedule, TrainingConfig
from mlops.training.corpus import Corpus, Sample, Source, source_of
from mlops.training.errors import ConfigError
from mlops.training.model import Classifier, from_scratch
from mlops.training.trainer import FactAnswers, Trainer, logits

CONFIG = TrainingConfig(
    vocabulary=200,
    max_tokens=48,
    data=Data(kind="lab", train=256, validation=20, test=20),
    architecture=Architecture(hidden=32, layers=1, heads=2, intermediate=64),
    schedule=Schedule(epochs=2, batch_size=32, learning_rate=3e-3, bfloat16=False, threads=1),
)


class Interrupted(Exception):
    """Stands for a machine that goes away."""


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def _start(config: TrainingConfig = CONFIG) -> tuple[Trainer, Classifier, Tokenizer, Source]:
    torch.manual_seed(config.seed)
    source = source_of(config.data, seed=config.seed)
    train = source.corpus().train
    tokenizer = tokens.learn((sample.text for sample in train), vocabulary=config.vocabulary)
    answers = FactAnswers(train)
    encoder = from_scratch(config.architecture, vocabulary=tokenizer.get_vocab_size(), max_tokens=config.max_tokens)
    model = Classifier(encoder, answers.sizes)
    return Trainer(config, model, tokenizer, answers), model, tokenizer, source


def _silent(_: str) -> None:
    pass


def _weights(model: Classifier) -> torch.Tensor:
    return torch.cat([value.flatten().float() for value in model.state_dict().values()])


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    fitted = []
    for name in ("one", "two"):
        trainer, model, _, source = _start()
        trainer.fit(source, checkpoint=tmp_path / name, progress=_silent)
        fitted.append(_weights(model))

    assert torch.equal(*fitted)


def test_a_run_that_was_cut_off_ends_as_if_it_never_was(tmp_path: Path) -> None:
    trainer, whole, _, source = _start()
    trainer.fit(source, checkpoint=tmp_path / "whole", progress=_silent)

    def cut(_: str) -> None:
        raise Interrupted

    trainer, _, _, source = _start()
    with pytest.raises(Interrupted):
        trainer.fit(source, checkpoint=tmp_path / "cut", progress=_silent, after_epoch=cut)
    trainer, resumed, _, source = _start()
    told: list[str] = []
    trainer.fit(source, checkpoint=tmp_path / "cut", progress=told.append)

    assert told[0] == "Training goes on after epoch 1."
    assert torch.equal(_weights(whole), _weights(resumed))


def test_a_checkpoint_of_another_configuration_is_not_taken_up(tmp_path: Path) -> None:
    trainer, _, _, source = _start()
    trainer.fit(source, checkpoint=tmp_path / "kept", progress=_silent)
    other = TrainingConfig.from_json(CONFIG.as_json() | {"seed": 5})
    trainer, _, _, source = _start(other)
    told: list[str] = []

    trainer.fit(source, checkpoint=tmp_path / "kept", progress=told.append)

    assert "begins anew" in told[0]
    assert told[1].startswith("Epoch 1 of 2")


class _TwoWords:
    """Texts that one word decides."""

    samples: tuple[Sample, ...] = tuple(
        Sample(f"{word} thing {number % 7}", label)
        for number in range(64)
        for word, label in (("iron", 1), ("steel", 0))
    )

    def corpus(self) -> Corpus:
        return Corpus(self.samples, self.samples, {"held": self.samples}, "", {})

    def epoch(self, number: int) -> Sequence[Sample]:
        return self.samples


def test_non_compliant_texts_get_the_larger_logit(tmp_path: Path) -> None:
    source = _TwoWords()
    config = TrainingConfig.from_json(CONFIG.as_json() | {"schedule": {"epochs": 12, "batch_size": 16, "threads": 1}})
    torch.manual_seed(1)
    tokenizer = tokens.learn((sample.text for sample in source.samples), vocabulary=200)
    answers = FactAnswers(source.samples)
    model = Classifier(from_scratch(config.architecture, vocabulary=200, max_tokens=48), answers.sizes)

    Trainer(config, model, tokenizer, answers).fit(source, checkpoint=tmp_path / "c", progress=_silent)

    iron, steel = logits(model, tokenizer, ["iron thing 3", "steel thing 3"], max_tokens=48)
    assert iron > 1 > -1 > steel


def test_logits_come_back_in_the_order_of_the_texts() -> None:
    _, model, tokenizer, _ = _start()
    texts = ["steel", "a much longer text about a steel component", "iron part"]

    together = logits(model, tokenizer, texts, max_tokens=48, batch_size=2)

    alone = [logits(model, tokenizer, [text], max_tokens=48)[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("kind", ["roformer", "bert", "modernbert"])
def test_every_known_kind_of_encoder_answers_one_number_a_text(kind: str) -> None:
    architecture = Architecture(kind=kind, hidden=32, layers=1, heads=2, intermediate=64)
    model = Classifier(from_scratch(architecture, vocabulary=100, max_tokens=16), {"year": 3})
    ids = torch.randint(4, 100, (3, 9))

    label, facts = model.with_facts(ids, torch.ones_like(ids))

    assert label.shape == (3,)
    assert facts["year"].shape == (3, 3)


def test_an_unknown_kind_of_encoder_is_refused() -> None:
    with pytest.raises(ConfigError, match="lstm"):
        from_scratch(Architecture(kind="lstm"), vocabulary=100, max_tokens=16)
