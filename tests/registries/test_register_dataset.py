"""`manage.py register_dataset` gives data for training a name and a version that a model's lineage points at."""

import csv
import io
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.ledgers import row_digest
from components.models import User
from mlops.exceptions import AlreadyRegistered
from mlops.models import Dataset
from mlops.registries.base import DatasetListing
from mlops.services import registry
from mlops.services.datasets import dataset_of, register_dataset
from mlops.training.config import Data
from mlops.training.corpus import source_of
from tests.at_once import at_once
from tests.registries.conftest import dataset_events

pytestmark = pytest.mark.django_db
ROWS = "text,label\n" + "".join(f'"steel, bracket {number}",{number % 2}\n' for number in range(41))


@pytest.fixture
def data(registry_dir: Path, tmp_path: Path) -> Path:
    file = tmp_path / "workshop.csv"
    file.write_text(ROWS, "utf-8")
    return file


def command(*arguments: object) -> str:
    said = io.StringIO()
    call_command("register_dataset", *map(str, arguments), "--regulation", "TREY-2019-1", stdout=said)
    return said.getvalue()


def registered(file: Path, *, name: str = "workshop", version: str = "1", by: User | None = None) -> Dataset:
    return register_dataset(file, name=name, version=version, regulation="TREY-2019-1", by=by)


def test_a_file_becomes_a_data_set_here_and_in_the_registry(data: Path) -> None:
    said = command("workshop", "1", "--csv", data)

    digest = f"sha256:{sha256(data.read_bytes()).hexdigest()}"
    dataset = Dataset.objects.get()
    assert (str(dataset), dataset.digest, dataset.regulation_code) == ("workshop:1", digest, "TREY-2019-1")
    assert (dataset.rows, dataset.counts) == (41, {"compliant": 21, "non-compliant": 20})
    assert (dataset.recipe, dataset.registry) == ({}, "local")
    assert said == f"workshop:1 {digest}\n41 rows, at {dataset.source}\n"
    assert Path(dataset.source).read_bytes() == data.read_bytes()
    (listed,) = registry.current().datasets().datasets
    assert (listed.description.digest, listed.source) == (digest, dataset.source)


def test_who_registered_it_is_recorded_with_the_row(data: Path, officer: User) -> None:
    dataset = registered(data, by=officer)

    (event,) = dataset_events()
    assert (event.actor, dataset.registered_by) == (officer, officer)
    assert event.rows == {"mlops.dataset": [[dataset.pk, row_digest(dataset)]]}
    assert event.after["dataset"] == "workshop:1"


def test_the_same_again_changes_nothing(data: Path, officer: User) -> None:
    first = registered(data)

    assert registered(data, by=officer) == first
    assert Dataset.objects.get().registered_by is None
    assert len(dataset_events()) == 1


def test_generated_texts_are_registered_with_what_the_generator_was_told(registry_dir: Path, tmp_path: Path) -> None:
    command("generated", "1", "--generate", "300", "--seed", "7", "--out", tmp_path / "kept.csv")

    dataset = Dataset.objects.get()
    assert (dataset.rows, dataset.recipe) == (300, {"rows": 300, "seed": 7})
    assert dataset.digest == f"sha256:{sha256((tmp_path / 'kept.csv').read_bytes()).hexdigest()}"
    with (tmp_path / "kept.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["label"] for row in rows) == {
        "0": dataset.counts["compliant"], "1": dataset.counts["non-compliant"],
    }  # fmt: skip
    assert len({row["text"] for row in rows}) > 280


def test_the_same_seed_gives_the_same_data_set_and_another_seed_another(registry_dir: Path) -> None:
    command("generated", "1", "--generate", "50", "--seed", "7")
    command("generated", "1", "--generate", "50", "--seed", "7")
    command("generated", "2", "--generate", "50", "--seed", "8")

    assert Dataset.objects.count() == 2


def test_a_model_that_is_trained_on_the_file_points_at_the_data_set(data: Path) -> None:
    dataset = registered(data)

    corpus = source_of(Data(csv=str(data)), seed=1).corpus()

    assert corpus.digest == dataset.digest
    assert dataset_of({"data_digest": corpus.digest}) == dataset


@pytest.mark.parametrize("lineage", [{}, {"data_digest": None}, {"data_digest": ["x"]}, {"data_digest": "sha256:0"}])
def test_a_lineage_without_a_registered_data_set_points_at_none(data: Path, lineage: dict[str, object]) -> None:
    registered(data)

    assert dataset_of(lineage) is None


def test_another_file_under_the_same_name_and_version_is_refused(data: Path, tmp_path: Path) -> None:
    registered(data)
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    with pytest.raises(AlreadyRegistered, match="workshop:1 stands for another data set"):
        registered(other)


def test_the_same_file_under_another_name_is_refused_before_the_registry_hears_of_it(data: Path) -> None:
    registered(data)

    with pytest.raises(AlreadyRegistered, match="registered as workshop:1 already"):
        registered(data, name="workshop-2")

    assert len(registry.current().datasets().datasets) == 1


def test_one_that_was_cut_off_after_the_registry_is_taken_up_again(data: Path) -> None:
    def cut_off(execute: object, sql: str, *rest: object) -> object:
        if "INSERT INTO" in sql and "mlops_dataset" in sql:
            raise DatabaseError("the line was cut")
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(cut_off), pytest.raises(DatabaseError, match="cut"), transaction.atomic():
        registered(data)
    assert not Dataset.objects.exists()

    assert registered(data).source == registry.current().datasets().datasets[0].source
    assert len(dataset_events()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_register_the_same_at_once_make_one(data: Path) -> None:
    results = at_once(*[lambda: registered(data).pk] * 3)

    assert set(results) == {Dataset.objects.get().pk}
    assert len(dataset_events()) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("text\nsteel\n", "must have the columns text and label"),
        ("text,label\nsteel,2\n", "Row 1 .* the label 0 or 1"),
        ("text,label\nsteel,0\n,1\n", "Row 2 .* must have a text"),
        ("", "must have the columns text and label"),
        (b"text,label\n\xff\xfe,1\n", "cannot be read as CSV"),
        ("text,label\n", "has no rows"),
    ],
    ids=["columns", "label", "blank", "empty", "encoding", "head"],
)
def test_a_file_that_nothing_can_be_trained_on_is_refused(data: Path, content: str | bytes, sentence: str) -> None:
    data.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(CommandError, match=rf"^The data set is not registered\. .*{sentence}"):
        command("workshop", "1", "--csv", data)

    assert registry.current().datasets() == DatasetListing(())


@pytest.mark.parametrize(("name", "version"), [("Work shop", "1"), ("../up", "1"), ("workshop", "a/b"), ("", "1")])
def test_a_name_that_no_registry_takes_is_refused(data: Path, name: str, version: str) -> None:
    with pytest.raises(CommandError, match="cannot be the name of a data set"):
        command(name, version, "--csv", data)

    assert registry.current().datasets() == DatasetListing(())


@pytest.mark.parametrize(
    "arguments",
    [(), ("--generate", "0"), ("--generate", "many"), ("--generate", "10", "--csv", "x"), ("--csv", "x", "--out", "y")],
    ids=" ".join,
)
def test_a_command_that_does_not_say_one_source_is_refused(registry_dir: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        command("workshop", "1", *arguments)

    assert not Dataset.objects.exists()


def test_a_file_that_is_not_there_is_told_by_its_name(registry_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=re.escape("none.csv")):
        command("workshop", "1", "--csv", tmp_path / "none.csv")
