"""The administration shows the data sets that are registered, and changes none."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from components.models import User
from mlops.models import Dataset
from mlops.services.datasets import register_dataset


@pytest.fixture
def dataset(registry_dir: Path, tmp_path: Path, officer: User) -> Dataset:
    file = tmp_path / "workshop.csv"
    file.write_text("text,label\nsteel,0\niron,1\nplastic,1\n", "utf-8")
    recipe = {"rows": 3, "seed": 7, "note": "<b>grün</b>"}
    return register_dataset(file, name="workshop", version="2", regulation="TREY-2019-1", recipe=recipe, by=officer)


@pytest.fixture
def desk(admin: User, client: Client) -> Client:
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_data_set_is_found_by_its_digest(desk: Client, dataset: Dataset) -> None:
    address = reverse("admin:mlops_dataset_changelist")

    found, other = (desk.get(address, {"q": text}).content.decode() for text in (dataset.digest[7:30], "f" * 23))

    assert all(text in found for text in ("workshop:2", "TREY-2019-1", "local"))
    assert "workshop:2" not in other


def test_it_shows_its_rows_its_recipe_and_where_it_lies(desk: Client, dataset: Dataset) -> None:
    page = desk.get(reverse("admin:mlops_dataset_change", args=[dataset.pk])).content.decode()

    assert "compliant: 1, non-compliant: 2" in page
    assert "&lt;b&gt;grün&lt;/b&gt;" in page
    assert dataset.source in page
    assert 'name="_save"' not in page


@pytest.mark.usefixtures("dataset")
def test_one_who_did_not_generate_it_reads_that_it_was_uploaded(desk: Client, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")
    uploaded = register_dataset(file, name="other", version="1", regulation="", by=None)

    assert "uploaded" in desk.get(reverse("admin:mlops_dataset_change", args=[uploaded.pk])).content.decode()
