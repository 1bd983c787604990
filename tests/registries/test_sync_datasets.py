"""What data sets the registry lists becomes known here at a look, and never stands in the way of model versions."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.ledgers import row_digest
from audit.models import Event
from components.models import User
from mlops.exceptions import RegistryDenied, RegistryUnavailable
from mlops.models import Dataset, ModelVersion, RegistrySync
from mlops.registries.base import DatasetDescription, DatasetListing, RegisteredDataset
from mlops.services import registry
from mlops.services.datasets import dataset_of, register_dataset
from mlops.services.syncing import sync
from tests.at_once import at_once
from tests.mlops.pretended import Pretended, entry
from tests.registries.conftest import dataset_events

pytestmark = pytest.mark.django_db


def listed(number: int = 1, **fields: object) -> RegisteredDataset:
    given = {
        "name": "workshop",
        "version": str(number),
        "digest": f"sha256:{number:064x}",
        "regulation": "TREY-2019-1",
        "rows": 3,
        "counts": {"compliant": 2, "non-compliant": 1},
        "recipe": {"rows": 3, "seed": 7},
    }
    return RegisteredDataset(
        DatasetDescription(**given | fields),  # type: ignore[arg-type]
        source=f"shelf {number}",
        created_at=datetime(2026, 11, number, tzinfo=UTC),
    )


class Shelf(Pretended):
    """Lists one model version, and the data sets it is given; raises `datasets_fail` instead where there is one."""

    def __init__(self) -> None:
        super().__init__(entry())
        self.data: list[RegisteredDataset] = []
        self.unreadable: tuple[str, ...] = ()
        self.datasets_fail: Exception | None = None

    def datasets(self) -> DatasetListing:
        if self.datasets_fail is not None:
            raise self.datasets_fail
        return DatasetListing(tuple(self.data), self.unreadable)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The registry of this installation."""
    made = Shelf()
    monkeypatch.setattr(registry, "current", lambda: made)
    return made


def test_a_data_set_that_was_registered_elsewhere_becomes_known(shelf: Shelf, admin: User) -> None:
    shelf.data = [listed(7)]

    looked = sync(by=admin)

    dataset = Dataset.objects.get()
    assert (str(dataset), dataset.digest, dataset.regulation_code) == ("workshop:7", f"sha256:{7:064x}", "TREY-2019-1")
    assert (dataset.rows, dataset.counts) == (3, {"compliant": 2, "non-compliant": 1})
    assert (dataset.recipe, dataset.registry, dataset.source) == ({"rows": 3, "seed": 7}, "local", "shelf 7")
    assert dataset.registered_by is None
    assert dataset_of({"data_digest": dataset.digest}) == dataset
    assert (looked.outcome, looked.seen, looked.added, looked.unreadable) == ("complete", 1, 1, [])
    (event,) = dataset_events()
    assert (event.actor, event.rows) == (admin, {"mlops.dataset": [[dataset.pk, row_digest(dataset)]]})


def test_a_look_once_more_makes_no_data_set_and_no_event(shelf: Shelf) -> None:
    shelf.data = [listed(1), listed(2)]
    sync()
    everything = Event.objects.count()

    assert sync().unreadable == []
    assert (Dataset.objects.count(), len(dataset_events()), Event.objects.count()) == (2, 2, everything)


def test_who_registered_a_data_set_here_stays_so_when_the_look_finds_it(
    registry_dir: Path, tmp_path: Path, officer: User
) -> None:
    file = tmp_path / "workshop.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")
    dataset = register_dataset(file, name="workshop", version="1", regulation="TREY-2019-1", by=officer)

    assert sync().unreadable == []

    assert (Dataset.objects.get(), Dataset.objects.get().registered_by) == (dataset, officer)
    assert len(dataset_events()) == 1


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (listed(2, version="1"), "The data set workshop:1 is known here with the digest"),
        (listed(2, digest=f"sha256:{1:064x}"), "The data set workshop:2 has the file of workshop:1"),
        (listed(2, recipe={"notes": "x" * 70_000}), "The data set workshop:2 has more than 64 KiB"),
        (listed(2, recipe={"notes": "half \ud800 character"}), "The data set workshop:2 cannot be kept"),
    ],
    ids=["name", "file", "size", "character"],
)
def test_one_that_cannot_become_known_is_told_and_hides_no_other(
    shelf: Shelf, second: RegisteredDataset, sentence: str
) -> None:
    shelf.data = [second, listed(1), listed(3)]

    looked = sync()

    (told,) = looked.unreadable
    assert told.startswith(sentence)
    assert looked.outcome == "complete"
    assert sorted(map(str, Dataset.objects.all())) == ["workshop:1", "workshop:3"]


def test_one_that_the_registry_itself_cannot_read_is_told_with_the_unreadable_entries(shelf: Shelf) -> None:
    shelf.data, shelf.unreadable = [listed(1)], ("workshop/2 is no data set of ours.",)

    looked = sync()

    assert (looked.outcome, looked.unreadable) == ("complete", ["workshop/2 is no data set of ours."])
    assert str(Dataset.objects.get()) == "workshop:1"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (RegistryDenied("We may not."), "The data sets cannot be listed: We may not."),
        (RegistryUnavailable("No answer."), "The data sets cannot be listed: No answer."),
        (ValueError("https://store.example?sig=secret"), "The data sets failed with ValueError; the log"),
    ],
    ids=["denied", "unavailable", "unforeseen"],
)
def test_a_failure_to_list_data_sets_leaves_the_versions_known_and_is_no_outage(
    shelf: Shelf, failure: Exception, told: str
) -> None:
    shelf.datasets_fail = failure

    looked = sync()

    assert (looked.outcome, looked.seen, looked.added) == ("complete", 1, 1)
    assert ModelVersion.objects.count() == 1
    (sentence,) = looked.unreadable
    assert sentence.startswith(told)
    assert "secret" not in sentence
    assert not Event.objects.filter(action="registry_lost").exists()


@pytest.mark.django_db(transaction=True)
def test_looks_at_once_make_each_data_set_known_once(shelf: Shelf) -> None:
    shelf.data = [listed(1), listed(2)]

    looks = at_once(sync, sync, sync)

    assert [look.unreadable for look in looks if isinstance(look, RegistrySync)] == [[]] * 3
    assert (Dataset.objects.count(), len(dataset_events())) == (2, 2)
