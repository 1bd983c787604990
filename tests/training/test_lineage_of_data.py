"""A bundle's lineage names the registered data set that it was trained on, where the configuration does."""

from dataclasses import replace

from mlops.training.config import Data, TrainingConfig
from mlops.training.pack import lineage_of


def test_the_lineage_repeats_the_data_set_of_the_configuration() -> None:
    config = replace(TrainingConfig(), data=Data(csv="workshop.csv", dataset="workshop:1"))

    lineage = lineage_of(config, data_digest="sha256:0", data_counts={})

    assert (lineage["dataset"], lineage["data_digest"]) == ("workshop:1", "sha256:0")


def test_generated_texts_of_no_data_set_name_none() -> None:
    assert "dataset" not in lineage_of(TrainingConfig(), data_digest="sha256:0", data_counts={})
