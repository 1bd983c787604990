"""The registry on a real MLflow server passes what every registry passes, and more that only this one can get wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable, VersionNotFound
from mlops.registries.base import DatasetListing, RegisteredDataset, RegisteredVersion, Registry
from mlops.registries.mlflow import open_registry
from tests.mlflow_server.server import Proxy, proxied, running, status
from tests.registries.conformance import *  # noqa: F403
from tests.registries.conformance import MODEL, bundle, content, described
from tests.services import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("mlflow")) as address:
        yield address


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")


class Server:
    """A `Place` on an MLflow server, before which stands a proxy that can be told to fail."""

    def __init__(self, address: str, proxy: Proxy) -> None:
        self.address = address
        self.proxy = proxy
        self.client = MlflowClient(tracking_uri=address, registry_uri=address)

    def registry(self, model: str) -> Registry:
        return open_registry(uri=self.address, model=model)

    def archive(self, version: RegisteredVersion) -> None:
        self.client.set_model_version_tag(version.name, version.registry_version, "trey.archived", "true")

    def archive_dataset(self, dataset: RegisteredDataset) -> None:
        self._tag(dataset, "trey.archived", "true")

    def spoil_dataset(self, dataset: RegisteredDataset) -> None:
        self._tag(dataset, "trey.claims", '{"name": "m"')

    def _tag(self, dataset: RegisteredDataset, name: str, value: str) -> None:
        (entry,) = [
            entry
            for entry in self.client.search_model_versions(f"name='{MODEL}-datasets'")
            if entry.source == dataset.source
        ]
        self.client.set_model_version_tag(entry.name, entry.version, name, value)

    def spoil(self, version: RegisteredVersion) -> None:
        self.client.set_model_version_tag(version.name, version.registry_version, "trey.claims", '{"name": "m"')

    def lose_files(self, version: RegisteredVersion) -> None:
        get_artifact_repository(version.source, tracking_uri=self.address).delete_artifacts()

    def add_foreign(self, model: str) -> None:
        experiment = self.client.get_experiment_by_name(model)
        assert experiment is not None
        run = self.client.create_run(experiment.experiment_id).info
        self.client.create_model_version(model, source=f"{run.artifact_uri}/model", run_id=run.run_id)

    @contextmanager
    def denying(self) -> Iterator[Registry]:
        self.proxy.fault = status(403)
        yield open_registry(uri=self.proxy.address, model=MODEL)

    @contextmanager
    def unreachable(self) -> Iterator[Registry]:
        yield open_registry(uri=f"http://127.0.0.1:{free_port()}", model=MODEL)


@pytest.fixture
def place(server: str) -> Iterator[Server]:
    with proxied(server) as proxy:
        place = Server(server, proxy)
        yield place
        for model in place.client.search_registered_models():
            place.client.delete_registered_model(model.name)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_refusal_that_passes_is_to_be_tried_again(place: Server, code: int) -> None:
    place.proxy.fault = status(code)

    with pytest.raises(RegistryUnavailable, match=r"[.]$"):
        open_registry(uri=place.proxy.address, model=MODEL).versions()


def test_a_wrong_log_in_is_no_reason_to_try_again(place: Server) -> None:
    place.proxy.fault = status(401)

    with pytest.raises(RegistryDenied, match="MLFLOW_TRACKING_TOKEN"):
        open_registry(uri=place.proxy.address, model=MODEL).versions()

    assert place.proxy.requests == 1


def test_an_address_where_no_mlflow_answers_is_said_to_be_one(place: Server) -> None:
    place.proxy.fault = status(404)

    with pytest.raises(VersionNotFound, match="MLFLOW_TRACKING_URI") as told:
        open_registry(uri=place.proxy.address, model=MODEL).versions()

    assert "register" not in str(told.value)


@pytest.mark.parametrize(("code", "error"), [(403, RegistryDenied), (404, VersionNotFound), (503, RegistryUnavailable)])
def test_a_file_that_is_not_handed_out_says_why(
    place: Server, tmp_path: Path, code: int, error: type[RegistryError]
) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    files = list(open_registry(uri=place.proxy.address, model=MODEL).files(registered))
    place.proxy.fault = status(code, on="/mlflow-artifacts/")

    with pytest.raises(error), files[0].open() as pieces:
        list(pieces)


def test_an_upload_that_breaks_off_leaves_nothing_that_is_listed(place: Server, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    place.proxy.fault = status(503, on="tokenizer.json", method="PUT")
    with pytest.raises(RegistryUnavailable):
        open_registry(uri=place.proxy.address, model=MODEL).register(path)
    assert place.registry(MODEL).versions().versions == ()

    registered = place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == (registered,)
    assert set(content(place.registry(MODEL), registered)) == {file.name for file in path.iterdir()}


def test_files_that_the_server_does_not_hand_out_are_not_looked_for_elsewhere(place: Server, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    run = place.client.create_run("0").info
    other = place.client.create_model_version(
        MODEL, source=f"runs:/{run.run_id}/model", run_id=run.run_id, tags={"trey.claims": "{}"}
    )

    with pytest.raises(VersionNotFound, match="--serve-artifacts"):
        list(place.registry(MODEL).files(replace(registered, registry_version=str(other.version))))


def test_where_a_version_lies_is_told_without_what_opens_it(place: Server, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    run, written = place.client.create_run("0").info, place.client.get_model_version(MODEL, "1").tags["trey.claims"]
    other = place.client.create_model_version(
        MODEL,
        source="s3://ada:hunter2@files/m",
        run_id=run.run_id,
        tags={"trey.claims": json.dumps(json.loads(written) | {"version": "2"})},
    )

    listed = {version.version: version.source for version in place.registry(MODEL).versions().versions}
    with pytest.raises(VersionNotFound, match="--serve-artifacts") as told:
        list(place.registry(MODEL).files(replace(registered, registry_version=str(other.version))))

    assert listed == {"1": registered.source, "2": "s3://…@files/m"}
    assert "hunter2" not in str(told.value)


def test_of_data_sets_of_one_name_the_first_has_it_and_another_file_is_told(
    place: Server, data: Path, tmp_path: Path
) -> None:
    first = place.registry(MODEL).register_dataset(data, described(data))
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")
    for description in (first.description, described(other)):
        claims = json.dumps(asdict(description))
        run = first.source.split("/")[2]
        place.client.create_model_version(
            f"{MODEL}-datasets", source=first.source, run_id=run, tags={"trey.claims": claims}
        )

    assert place.registry(MODEL).datasets() == DatasetListing(
        (first,),
        (f"Version 3 of {MODEL}-datasets in MLflow says that it is workshop:1, as version 1 does already.",),
    )


def test_what_mlflow_shows_people_are_the_metrics_of_the_run(place: Server, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle", metrics={"training_seconds": 12}))

    version = place.client.get_model_version(MODEL, registered.registry_version)
    assert place.client.get_run(version.run_id).data.metrics == {"training_seconds": 12.0}


@pytest.mark.parametrize(
    "uri", ["", "mlflow.example", "sqlite:///mlflow.db", "file:///tmp", "http://a:b@mlflow.example"]
)
def test_only_the_address_of_a_server_is_one(uri: str) -> None:
    with pytest.raises(RegistryError, match="MLFLOW_TRACKING_URI"):
        open_registry(uri=uri, model=MODEL)
