"""Training texts are new each epoch, and none of them is held out."""

from pathlib import Path

import pytest

from mlops.training.config import Data
from mlops.training.corpus import Sample, read_csv, source_of
from mlops.training.errors import ConfigError


def _squeezed(samples: object) -> set[str]:
    assert isinstance(samples, (list, tuple))
    return {" ".join(sample.text.casefold().split()) for sample in samples}


@pytest.fixture(params=[None, "lab"], ids=["all kinds", "one kind"])
def data(request: pytest.FixtureRequest) -> Data:
    return Data(train=800, validation=100, test=100, kind=request.param)


def test_every_epoch_draws_other_texts(data: Data) -> None:
    source = source_of(data, seed=1)

    assert _texts(source.epoch(0)) != _texts(source.epoch(1))


def test_an_epoch_is_the_same_whenever_it_is_drawn(data: Data) -> None:
    assert _texts(source_of(data, seed=1).epoch(2)) == _texts(source_of(data, seed=1).epoch(2))


def test_no_held_out_text_stands_in_any_epoch(data: Data) -> None:
    source = source_of(data, seed=1)
    held = set().union(*(_squeezed(samples) for samples in source.corpus().held_out.values()))

    for number in range(4):
        assert not held & _squeezed(list(source.epoch(number)))


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(ConfigError, match="poems"):
        source_of(Data(kind="poems"), seed=1)


def test_the_counts_and_digest_tell_the_data_apart() -> None:
    one, other = (source_of(Data(train=50, validation=10, test=10), seed=seed).corpus() for seed in (1, 2))

    held = {"combinations": 10, "phrasings": 10, "contrast": 10}
    assert one.counts == {"train": 50, "validation": 10, "left_out": 0} | held
    assert one.digest != other.digest


def test_equal_texts_of_a_file_stay_on_one_side_of_the_split(tmp_path: Path) -> None:
    path = _write(tmp_path, [f"steel part {number % 40},{number % 2}" for number in range(200)])

    source = source_of(Data(csv=str(path)), seed=1)
    corpus = source.corpus()

    assert sum(corpus.counts.values()) == 200
    assert not _squeezed(corpus.train) & _squeezed(corpus.held_out["held_out"])
    assert sorted(_texts(source.epoch(1))) == sorted(_texts(corpus.train))


def test_a_file_with_too_few_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too few"):
        source_of(Data(csv=str(_write(tmp_path, ["steel,0"]))), seed=1)


@pytest.mark.parametrize("row", ["steel,2", "steel,", ",1", "  ,0"])
def test_a_row_that_is_wrong_is_refused_by_its_number(row: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Row 2"):
        read_csv(_write(tmp_path, ["iron part,1", row]))


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("description,verdict\nsteel,0\n")

    with pytest.raises(ConfigError, match="text and label"):
        read_csv(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.csv"):
        read_csv(tmp_path / "none.csv")


def _texts(samples: object) -> list[str]:
    assert isinstance(samples, (list, tuple))
    return [sample.text for sample in samples if isinstance(sample, Sample)]


def _write(directory: Path, rows: list[str]) -> Path:
    path = directory / "data.csv"
    path.write_text("\n".join(["text,label", *rows]) + "\n")
    return path
