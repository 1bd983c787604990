"""The texts that versions are measured on: added once, by regulation, and never changed."""

from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from audit.models import Event
from components.models import User
from mlops.evaluation_sets import Entry, built_in
from mlops.exceptions import NotEvaluable
from mlops.models import EvaluationSet
from mlops.services.evaluation_sets import add_evaluation_set, effective_days, ensure_evaluation_sets
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.mlops.measured import plain_texts

pytestmark = pytest.mark.django_db

DAY = date(2027, 7, 1)


def add(samples: tuple[Entry, ...] = plain_texts(), regulation: str = "R-2", **fields: object) -> EvaluationSet:
    return add_evaluation_set(regulation, samples, "A set.", **{"effective_on": DAY, "by": None, **fields})


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
    first, second = add(), add(plain_texts()[:440])

    assert (str(first), str(second)) == ("R-2 v1", "R-2 v2")
    assert list(EvaluationSet.objects.newest_for("R-2")) == [second]


def test_the_same_texts_again_add_nothing() -> None:
    first = add()

    assert add() == first
    assert Event.objects.filter(action="evaluation_set_added").count() == 1


def test_texts_are_those_of_one_regulation() -> None:
    add()

    with pytest.raises(NotEvaluable, match="those of R-2 v1"):
        add(regulation="R-3")


def test_the_first_set_of_a_regulation_says_from_which_day_it_applies() -> None:
    with pytest.raises(NotEvaluable, match=r"Say from which day R-2 applies \(--effective-on\)"):
        add(effective_on=None)


def test_a_later_set_need_not_say_it_again_and_may_correct_it() -> None:
    add()
    assert add(plain_texts()[:460], effective_on=None).effective_on == DAY

    add(plain_texts()[:440], effective_on=date(2028, 1, 1))

    assert effective_days() == {"R-2": date(2028, 1, 1)}


def test_the_same_texts_cannot_say_another_day() -> None:
    add()

    with pytest.raises(NotEvaluable, match="R-2 v1, which can never be changed: to say another day, leave out a text"):
        add(effective_on=date(2028, 1, 1))


def test_the_day_of_a_set_that_ships_is_known_where_an_older_release_added_it() -> None:
    (shipped,) = built_in()
    EvaluationSet.objects.create(
        regulation_code=shipped.regulation, version=1, digest=shipped.digest, samples=[], rows=0, counts={}, origin=""
    )

    assert effective_days() == {shipped.regulation: date(2019, 1, 1)}


def test_it_is_recorded_who_added_it(admin: User) -> None:
    added = add(by=admin)

    event = Event.objects.get(action="evaluation_set_added")
    assert (event.actor_name, event.subject_id) == ("admin", str(added.pk))
    assert event.after["effective_on"] == "2027-07-01"
    assert [key for key, _ in event.rows["mlops.evaluationset"]] == [added.pk]


def test_it_can_never_be_changed() -> None:
    added = add()

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
        add(samples)

    assert not EvaluationSet.objects.exists()


@pytest.mark.parametrize("code", ["", "R" * 65, "R\0"])
def test_a_set_is_for_a_regulation(code: str) -> None:
    with pytest.raises(NotEvaluable, match="give its code"):
        add(regulation=code)


def write_csv(path: Path, samples: tuple[Entry, ...]) -> Path:
    rows = [f'"{text}",{label},{kind}' for text, label, kind in samples]
    path.write_text("\n".join(["text,label,kind", *rows]) + "\n")
    return path


def test_the_command_adds_a_file(tmp_path: Path) -> None:
    said = StringIO()
    path = write_csv(tmp_path / "texts.csv", plain_texts())

    words = ("--regulation", "R-2", "--effective-on", "2027-07-01")
    call_command("add_evaluation_set", str(path), *words, stdout=said)

    added = EvaluationSet.objects.get()
    assert (str(added), added.rows, added.origin) == ("R-2 v1", 480, "Read from the file texts.csv.")
    assert added.effective_on == DAY
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


def test_the_command_says_how_a_day_is_written(tmp_path: Path) -> None:
    words = (str(write_csv(tmp_path / "texts.csv", plain_texts())), "--regulation", "R-2", "--effective-on", "1 July")

    with pytest.raises(CommandError, match="write the day as YYYY-MM-DD, not '1 July'"):
        call_command("add_evaluation_set", *words)


@pytest.mark.django_db(transaction=True)
def test_those_who_add_at_once_add_each_set_once() -> None:
    added = at_once(*(partial(add, plain_texts()[:size]) for size in (480, 480, 450, 450)))

    assert added[0] == added[1] != added[2] == added[3]
    assert sorted(EvaluationSet.objects.values_list("version", flat=True)) == [1, 2]
