"""A local checkpoint can be fine-tuned instead of starting from nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from transformers import BertConfig, BertModel

from mlops.training import pipeline
from mlops.training import tokenizer as tokens
from mlops.training.config import QUICK, Data, Schedule, TrainingConfig
from mlops.training.dataset import generate
from mlops.training.errors import ConfigError, GoldenError
from mlops.training.model import from_checkpoint


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    tokenizer = tokens.learn((example.text for example in generate(500, seed=1)), vocabulary=300)
    tokenizer.enable_truncation(64)
    tokenizer.enable_padding()
    size = tokenizer.get_vocab_size()
    config = BertConfig(
        vocab_size=size, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(tmp_path / "checkpoint")
    tokenizer.save(str(tmp_path / "checkpoint" / "tokenizer.json"))
    return tmp_path / "checkpoint"


def test_a_checkpoint_is_fine_tuned_up_to_the_golden_texts(checkpoint: Path, tmp_path: Path) -> None:
    config = replace(
        TrainingConfig.load(QUICK),
        pretrained=str(checkpoint),
        data=Data(kind="lab", train=64, validation=40, test=40),
        schedule=Schedule(epochs=1, batch_size=32, bfloat16=False, threads=1),
    )
    told: list[str] = []

    # Two steps teach it nothing yet, so that it may not be packed; all before that has been gone through.
    with pytest.raises(GoldenError, match="beyond dispute"):
        pipeline.train(config, tmp_path / "bundle", told.append)

    assert any(sentence.startswith("The fp32 graph agrees with the trained model on 40 of 40") for sentence in told)
    assert not (tmp_path / "bundle").exists()


def test_the_encoder_is_the_one_that_was_saved(checkpoint: Path) -> None:
    assert from_checkpoint(checkpoint).config.hidden_size == 32


def test_its_tokenizer_neither_cuts_nor_pads(checkpoint: Path) -> None:
    tokenizer = tokens.open_pretrained(checkpoint)

    assert (tokenizer.truncation, tokenizer.padding) == (None, None)


def test_a_directory_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tokenizer\.json"):
        tokens.open_pretrained(tmp_path)


def test_a_directory_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be opened"):
        from_checkpoint(tmp_path)
