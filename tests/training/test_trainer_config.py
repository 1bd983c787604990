"""A training run is decided by a recorded configuration."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlops.training.config import QUICK, STARTER, Data, TrainingConfig
from mlops.training.errors import ConfigError


@pytest.mark.parametrize("path", [STARTER, QUICK], ids=lambda path: path.name)
def test_the_configurations_that_ship_can_be_read(path: Path) -> None:
    assert TrainingConfig.load(path).regulation == "TREY-2019-1"


def test_what_is_recorded_reads_back_as_the_same_configuration() -> None:
    config = TrainingConfig(seed=3, data=Data(train=10, notes=("a.csv",)))

    assert TrainingConfig.from_json(json.loads(json.dumps(config.as_json()))) == config


def test_a_misspelt_setting_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="learning_rat"):
        TrainingConfig.from_json({"schedule": {"learning_rat": 0.1}})


@pytest.mark.parametrize(
    "values",
    [
        {"threshold": 0},
        {"max_tokens": 4},
        {"vocabulary": 10},
        {"schedule": {"epochs": 0}},
        {"schedule": {"batch_size": 0}},
        {"schedule": {"subword_dropout": 0.9}},
        {"architecture": {"hidden": 100, "heads": 3}},
    ],
    ids=str,
)
def test_a_value_that_no_run_could_use_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        TrainingConfig.from_json(values)


@pytest.mark.parametrize("content", ["{", "[]"], ids=["broken", "a list"])
def test_a_file_that_is_no_configuration_is_refused_by_its_path(content: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content)

    with pytest.raises(ConfigError, match=r"wrong\.json"):
        TrainingConfig.load(path)


def test_a_missing_file_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.json"):
        TrainingConfig.load(tmp_path / "none.json")


def test_another_seed_is_another_configuration() -> None:
    assert replace(TrainingConfig(), seed=1) != TrainingConfig()
