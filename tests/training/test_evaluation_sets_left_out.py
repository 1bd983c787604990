"""What a version is measured on never stands in what it was trained on."""

import json
from itertools import islice
from pathlib import Path

import pytest

from mlops.evaluation_sets import FOLDER, built_in, digest_of, read_set, squeeze
from mlops.training import corpus as texts
from mlops.training import fixed_set
from mlops.training.config import Data, TrainingConfig
from mlops.training.corpus import Corpus, source_of
from mlops.training.dataset import splits
from mlops.training.fixed_set import STARTER, draw, training_texts
from mlops.training.pack import lineage_of

SIZES = {"train": 400, "validation": 60, "test": 40}


def write_csv(path: Path, rows: int = 200) -> Path:
    path.write_text("\n".join(["text,label", *(f"steel part {number},{number % 2}" for number in range(rows))]) + "\n")
    return path


@pytest.fixture(params=["all kinds", "one kind", "a file"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Data:
    if request.param == "a file":
        return Data(csv=str(write_csv(tmp_path / "data.csv")))
    return Data(kind="lab" if request.param == "one kind" else None, **SIZES)


def test_texts_of_an_evaluation_set_are_left_out_and_counted(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_of(data, seed=1)
    was, second = before.corpus(), before.epoch(1)
    stolen = {squeeze(sample.text) for rows in (was.train, second, was.validation) for sample in rows[:5]}
    monkeypatch.setattr(texts, "_evaluated", lambda: frozenset(stolen))

    source = source_of(data, seed=1)
    corpus = source.corpus()

    for rows in (corpus.train, corpus.validation, source.epoch(0), source.epoch(1)):
        assert not stolen & {squeeze(sample.text) for sample in rows}
    assert corpus.counts["left_out"] >= 10
    assert drawn_in_all(corpus) == drawn_in_all(was)
    assert corpus.digest == was.digest


def drawn_in_all(corpus: Corpus) -> int:
    return len(corpus.train) + len(corpus.validation) + corpus.counts["left_out"]


def test_a_text_of_the_set_that_ships_is_left_out_of_a_file_whatever_its_case_and_spaces(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "data.csv", rows=300)
    with path.open("a") as file:
        file.writelines(
            json.dumps(f" {text.upper()}  ").replace("\\n", "\n").replace('\\"', '""') + f",{label}\n"
            for text, label, _ in built_in()[0].samples[:40]
        )
    corpus = source_of(Data(csv=str(path)), seed=1).corpus()
    shipped = {squeeze(text) for text, _, _ in built_in()[0].samples}

    assert not shipped & {squeeze(sample.text) for sample in (*corpus.train, *corpus.validation)}
    assert corpus.counts["left_out"] > 25


def test_a_file_of_nothing_but_an_evaluation_set_is_too_few_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data(csv=str(write_csv(tmp_path / "data.csv")))
    monkeypatch.setattr(texts, "_evaluated", lambda: frozenset(f"steel part {number}" for number in range(200)))

    with pytest.raises(texts.ConfigError, match="too few"):
        source_of(data, seed=1)


def test_the_lineage_names_the_sets_that_were_left_out() -> None:
    lineage = lineage_of(TrainingConfig(), data_digest="sha256:0", data_counts={})

    assert lineage["not_trained_on"] == [one.digest for one in built_in()]


def test_the_set_that_ships_is_drawn_again_to_the_letter() -> None:
    (shipped,) = (one for one in built_in() if one.regulation == "TREY-2019-1")
    drawn = draw(shipped.left_out)

    assert drawn == shipped.samples
    assert digest_of(drawn) == shipped.digest


def test_it_was_looked_for_in_all_the_starter_model_learned_from() -> None:
    lineage = json.loads(STARTER.read_text())["lineage"]
    (looked,) = built_in()[0].looked_through
    schedule, counts = lineage["config"]["schedule"], lineage["data_counts"]

    assert looked.data_digest == lineage["data_digest"]
    assert looked.texts == schedule["epochs"] * counts["train"] + counts["validation"]


def test_none_of_its_texts_stands_in_what_other_seeds_draw() -> None:
    shipped = {squeeze(text) for text, _, kind in built_in()[0].samples if kind != "lab"}
    for seed in (1, 77):
        source = source_of(Data(train=6_000, validation=500, test=100), seed=seed)
        assert source.corpus().counts["left_out"] == 0
        assert not shipped & {squeeze(sample.text) for sample in source.epoch(1)}


def test_a_lineage_that_cannot_be_drawn_again_is_told() -> None:
    lineage = {
        "data_digest": "sha256:0",
        "config": {"seed": 1, "data": {"train": 5, "validation": 1, "test": 1}, "schedule": {"epochs": 1}},
    }
    with pytest.raises(ValueError, match="draws other texts today"):
        list(islice(training_texts(lineage), 1))


def test_no_text_stands_in_it_twice_and_both_labels_do() -> None:
    for one in built_in():
        squeezed = [squeeze(text) for text, _, _ in one.samples]
        assert len(set(squeezed)) == len(squeezed)
        assert {label for _, label, _ in one.samples} == {0, 1}


def test_writing_the_set_leaves_out_what_stands_in_the_training_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lineage = {
        "data_digest": splits(seed=1, train=300, validation=50, test=10).digest(),
        "config": {"seed": 1, "data": {"train": 300, "validation": 50, "test": 10}, "schedule": {"epochs": 2}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"lineage": lineage}))
    monkeypatch.setattr(fixed_set, "STARTER", tmp_path / "manifest.json")
    wanted = built_in()[0].samples[:8]
    monkeypatch.setattr(fixed_set, "draw", lambda left: tuple(one for one in wanted if squeeze(one[0]) not in left))
    drawn = fixed_set.training_texts
    monkeypatch.setattr(fixed_set, "training_texts", lambda told: [*drawn(told), wanted[3][0].upper()])

    fixed_set.write(tmp_path / "set.json")

    written = read_set(tmp_path / "set.json")
    assert written.samples == (*wanted[:3], *wanted[4:])
    assert (written.looked_through[0].texts, written.left_out) == (651, (squeeze(wanted[3][0]),))


def test_a_set_that_was_changed_is_not_taken(tmp_path: Path) -> None:
    (shipped,) = FOLDER.glob("TREY-2019-1.v1.json")
    (tmp_path / "set.json").write_text(shipped.read_text().replace(", 1, ", ", 0, ", 1))

    with pytest.raises(ValueError, match="not as it was released"):
        read_set(tmp_path / "set.json")
