"""The texts that versions are measured on: added once, by regulation, and never changed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from components.models import User
from mlops.evaluation_sets import Entry, built_in
from mlops.exceptions import NotEvaluable
from mlops.models import EvaluationSet
from mlops.services.evaluation_sets import add_evaluation_set, ensure_evaluation_sets
from tests.bundles import write_tiny_bundle
from tests.mlops.measured import plain_texts

pytestmark = pytest.mark.django_db


def test_the_sets_that_ship_are_added_once() -> None:
    for _ in range(2):
        ensure_evaluation_sets()

    assert [(one.digest, one.rows) for one in EvaluationSet.objects.all()] == [
        (one.digest, len(one.samples)) for one in built_in()
    ]
    assert Event.objects.filter(action="evaluation_set_added").count() == len(built_in())


def test_the_texts_are_kept_to_the_letter() -> None:
    ensure_evaluation_sets()

    assert EvaluationSet.objects.get().samples == [list(sample) for sample in built_in()[0].samples]


def test_an_installation_gets_them_with_its_first_champion(no_champion: None, tmp_path: Path) -> None:
    call_command("install_starter_model", str(write_tiny_bundle(tmp_path / "source")), stdout=StringIO())

    assert EvaluationSet.objects.count() == len(built_in())


def test_a_regulations_sets_count_up_and_the_newest_is_measured_on() -> None:
    first = add_evaluation_set("R-2", plain_texts(), "First.", by=None)
    second = add_evaluation_set("R-2", plain_texts()[:440], "Second.", by=None)

    assert (str(first), str(second)) == ("R-2 v1", "R-2 v2")
    assert list(EvaluationSet.objects.newest_for("R-2")) == [second]


def test_the_same_texts_again_add_nothing() -> None:
    first = add_evaluation_set("R-2", plain_texts(), "First.", by=None)

    assert add_evaluation_set("R-2", plain_texts(), "Again.", by=None) == first
    assert Event.objects.filter(action="evaluation_set_added").count() == 1


def test_texts_are_those_of_one_regulation() -> None:
    add_evaluation_set("R-2", plain_texts(), "First.", by=None)

    with pytest.raises(NotEvaluable, match="those of R-2 v1"):
        add_evaluation_set("R-3", plain_texts(), "The same for another.", by=None)


def test_regulations_stand_in_the_order_in_which_they_came() -> None:
    for code, size in (("R-9", 480), ("R-1", 470), ("R-9", 460)):
        add_evaluation_set(code, plain_texts()[:size], "A set.", by=None)

    assert [str(one) for one in EvaluationSet.objects.newest_of_each()] == ["R-9 v2", "R-1 v1"]


def test_it_is_recorded_who_added_it(admin: User) -> None:
    added = add_evaluation_set("R-2", plain_texts(), "Written by hand.", by=admin)

    event = Event.objects.get(action="evaluation_set_added")
    assert (event.actor_name, event.subject_id) == ("admin", str(added.pk))
    assert [key for key, _ in event.rows["mlops.evaluationset"]] == [added.pk]


def test_it_can_never_be_changed() -> None:
    added = add_evaluation_set("R-2", plain_texts(), "Written by hand.", by=None)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EvaluationSet.objects.filter(pk=added.pk).update(rows=1)


def changed(entry: Entry) -> tuple[Entry, ...]:
    return (*plain_texts()[:-1], entry)


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        (plain_texts()[:399], r"399 texts are too few to measure on: 400 are needed"),
        (plain_texts() * 42, r"20160 texts are more than are measured on: 20000 at most"),
        (tuple((text, 0, kind) for text, _, kind in plain_texts()), r"texts of both labels"),
        (changed(("steel\0", 0, "text")), r"Row 480: The text holds a NUL"),
        (changed(("  ", 0, "text")), r"Row 480: .*blank"),
        (changed(("x" * 10_001, 0, "text")), r"Row 480: .*10,000 characters"),
        (changed((plain_texts()[0][0].upper(), 0, "text")), r"Rows 1 and 480 have the same text"),
        (changed(("steel", 2, "text")), r"texts of both labels"),
    ],
)
def test_texts_that_can_measure_nothing_are_refused(samples: tuple[Entry, ...], problem: str) -> None:
    with pytest.raises(NotEvaluable, match=problem):
        add_evaluation_set("R-2", samples, "Bad.", by=None)

    assert not EvaluationSet.objects.exists()


@pytest.mark.parametrize("code", ["", "R" * 65, "R\0"])
def test_a_set_is_for_a_regulation(code: str) -> None:
    with pytest.raises(NotEvaluable, match="give its code"):
        add_evaluation_set(code, plain_texts(), "For none.", by=None)


def write_csv(path: Path, samples: tuple[Entry, ...]) -> Path:
    rows = [f'"{text}",{label},{kind}' for text, label, kind in samples]
    path.write_text("\n".join(["text,label,kind", *rows]) + "\n")
    return path


def test_the_command_adds_a_file(tmp_path: Path) -> None:
    said = StringIO()
    path = write_csv(tmp_path / "texts.csv", plain_texts())

    call_command("add_evaluation_set", str(path), "--regulation", "R-2", stdout=said)

    added = EvaluationSet.objects.get()
    assert (str(added), added.rows, added.origin) == ("R-2 v1", 480, "Read from the file texts.csv.")
    assert added.counts["labels"] == {"compliant": 60, "non-compliant": 420}
    assert "Versions are measured on R-2 v1 now: 480 texts" in said.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [("text\nsteel\n", "columns text and label"), ("text,label\nsteel,0\niron,1\n", "too few")],
)
def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(content)

    with pytest.raises(CommandError, match=problem):
        call_command("add_evaluation_set", str(path), "--regulation", "R-2")


@pytest.mark.django_db(transaction=True)
def test_those_who_add_at_once_add_each_set_once() -> None:
    begin = threading.Barrier(4)

    def add(size: int) -> EvaluationSet:
        try:
            begin.wait(timeout=30)
            return add_evaluation_set("R-2", plain_texts()[:size], "At once.", by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        added = list(people.map(add, (480, 480, 450, 450)))

    assert added[0] == added[1] != added[2] == added[3]
    assert sorted(EvaluationSet.objects.values_list("version", flat=True)) == [1, 2]
