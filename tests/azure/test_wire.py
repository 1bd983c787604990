"""What goes over the wire for each verb: method, path and api-version of each call, in order.

A new release of a client library that asks differently shows here as a difference, before it does in a workspace.
"""

import json
import re
from pathlib import Path

import pytest

from mlops.registries.azureml import blobs
from tests.azure.conftest import Place
from tests.azure.front import Request
from tests.registries.conformance import bundle, content, described

STORAGE = "2026-10-06"
MODELS = "2023-08-01-preview"
DATA = "2023-04-01-preview"
OTHERS = "2024-10-01-preview"
SHOWN = ("comp", "restype", "prefix", "listViewType", "$top", "$orderBy")
"""What is shown of a query."""
UPLOADED = ["model.onnx", "tokenizer.json", "golden.json", "reference.json", "card.md", "DIGEST", "manifest.json"]


@pytest.fixture(params=["AccountKey", "None"])
def opened_by(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opening(opened_by: str) -> list[str]:
    """How the datastore is opened: with our identity, nobody's secret is asked for."""
    asked = [f"GET {{ws}}/datastores/workspaceblobstore {OTHERS}"]
    if opened_by == "AccountKey":
        asked.append(f"POST {{ws}}/datastores/workspaceblobstore/listSecrets {OTHERS}")
    return asked


def calls(place: Place) -> list[str]:
    """What was asked since the last look; {ws} is the workspace, {in} the container, {digest} any digest."""
    asked = [_line(place, call) for call in place.cloud.front.calls]
    place.cloud.front.forget()
    return asked


def _line(place: Place, call: Request) -> str:
    version = call.query.get("api-version") or call.headers["x-ms-version"]
    shown = sorted(f"{name}={value}" for name, value in call.query.items() if name in SHOWN)
    line = " ".join([call.method, call.path, version, *shown])
    line = line.replace(place.workspace.id, "{ws}").replace(f"/{place.container.container_name}", "{in}")
    return re.sub(r"[0-9a-f]{64}", "{digest}", line)


def test_to_list_an_empty_registry(place: Place) -> None:
    """The model is not there; the second call tells that from a workspace that is not there."""
    place.registry("m").versions()

    assert calls(place) == [f"GET {{ws}}/models/m/versions {MODELS} listViewType=ActiveOnly", f"GET {{ws}} {OTHERS}"]


def test_to_register_a_version(place: Place, opening: list[str], tmp_path: Path) -> None:
    place.registry("m").register(bundle(tmp_path / "bundle"))

    assert calls(place) == [
        *opening,
        f"PUT {{in}}/models/m/registrations/1.json {STORAGE}",
        f"GET {{ws}}/models/m/versions {MODELS} listViewType=All",
        f"GET {{ws}} {OTHERS}",
        *(f"PUT {{in}}/models/m/{{digest}}/{name} {STORAGE}" for name in UPLOADED),
        f"GET {{ws}}/models/m/versions {MODELS} $orderBy=createdtime desc $top=1",
        f"GET {{ws}}/models/m {MODELS}",
        f"PUT {{ws}}/models/m/versions/1 {MODELS}",
        f"GET {{ws}}/models/m/versions {MODELS} listViewType=All",
    ]


def test_to_register_it_again(place: Place, opening: list[str], tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    place.registry("m").register(path)
    calls(place)

    place.registry("m").register(path)

    assert calls(place) == [
        *opening,
        f"PUT {{in}}/models/m/registrations/1.json {STORAGE}",
        f"GET {{in}}/models/m/registrations/1.json {STORAGE}",
        f"GET {{ws}}/models/m/versions {MODELS} listViewType=All",
    ]


def test_to_upload_a_large_file(
    place: Place, opening: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bundle(tmp_path / "bundle")
    monkeypatch.setattr(blobs, "BLOCK", (path / "model.onnx").stat().st_size // 2 + 1)

    place.registry("m").register(path)

    assert [line for line in calls(place) if "model.onnx" in line] == [
        f"HEAD {{in}}/models/m/{{digest}}/model.onnx {STORAGE}",
        f"PUT {{in}}/models/m/{{digest}}/model.onnx {STORAGE} comp=block",
        f"PUT {{in}}/models/m/{{digest}}/model.onnx {STORAGE} comp=block",
        f"PUT {{in}}/models/m/{{digest}}/model.onnx {STORAGE} comp=blocklist",
    ]


def test_to_list_versions_and_only_new_ones_are_read(place: Place, opening: list[str], tmp_path: Path) -> None:
    for version in ("1", "2"):
        place.registry("m").register(bundle(tmp_path / version, version=version))
    registry = place.registry("m")
    calls(place)

    registry.versions()
    first = calls(place)
    registry.versions()

    listed = f"GET {{ws}}/models/m/versions {MODELS} listViewType=ActiveOnly"
    read = [f"GET {{in}}/models/m/registrations/{number}.json {STORAGE}" for number in (1, 2)]
    assert first == [listed, *opening, *read]
    assert calls(place) == [listed]


def test_to_list_more_versions_than_a_page_has(place: Place, tmp_path: Path) -> None:
    registry = place.registry("m")
    for version in range(1, 5):
        registry.register(bundle(tmp_path / f"{version}", version=f"{version}"))
    calls(place)

    listed = registry.versions().versions

    assert [version.registry_version for version in listed] == [f"{version}" for version in range(1, 5)]
    assert calls(place)[:2] == [f"GET {{ws}}/models/m/versions {MODELS} listViewType=ActiveOnly"] * 2


def test_to_fetch_a_version(place: Place, opening: list[str], tmp_path: Path) -> None:
    registered = place.registry("m").register(bundle(tmp_path / "bundle"))
    calls(place)

    content(place.registry("m"), registered)

    assert calls(place) == [
        f"GET {{ws}}/models/m/versions/1 {MODELS}",
        *opening,
        f"GET {{in}} {STORAGE} comp=list prefix=models/m/{{digest}}/ restype=container",
        *(f"GET {{in}}/models/m/{{digest}}/{name} {STORAGE}" for name in sorted(UPLOADED)),
    ]


def test_to_archive_a_version(place: Place, tmp_path: Path) -> None:
    registry, workspace = place.registry("m"), place.opened()
    registered = registry.register(bundle(tmp_path / "bundle"))
    calls(place)

    workspace.archive_model("m", registered.registry_version)

    assert calls(place) == [f"GET {{ws}}/models/m/versions/1 {MODELS}", f"PUT {{ws}}/models/m/versions/1 {MODELS}"]
    assert registry.versions().versions == ()


def test_to_register_and_list_a_data_set(place: Place, opening: list[str], tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")

    place.registry("m").register_dataset(file, described(file))
    registering = calls(place)
    place.registry("m").datasets()

    assert registering == [
        *opening,
        f"PUT {{in}}/datasets/m/workshop/registrations/1.json {STORAGE}",
        f"GET {{ws}}/data/m.workshop/versions {DATA} listViewType=All",
        f"GET {{ws}} {OTHERS}",
        f"PUT {{in}}/datasets/m/workshop/{{digest}}/data.csv {STORAGE}",
        f"PUT {{ws}}/data/m.workshop/versions/1 {DATA}",
    ]
    assert calls(place) == [
        f"GET {{ws}}/data {DATA} listViewType=ActiveOnly",
        f"GET {{ws}}/data/m.workshop/versions {DATA} listViewType=ActiveOnly",
        *opening,
        f"GET {{in}}/datasets/m/workshop/registrations/1.json {STORAGE}",
    ]


def test_what_the_workspace_is_told_of_a_version(place: Place, tmp_path: Path) -> None:
    registered = place.registry("m").register(bundle(tmp_path / "bundle"), tags={"stage": "trial"})

    (put,) = [call for call in place.cloud.front.calls if call.method == "PUT" and call.path.endswith("/versions/1")]
    properties = json.loads(put.body)["properties"]
    told = properties.pop("properties")
    assert set(told) == {"trey.digest", "trey.version", "trey.registration"}
    assert (told["trey.digest"], told["trey.version"]) == (registered.digest, "1")
    assert properties == {
        "tags": {"stage": "trial"},
        "isAnonymous": False,
        "isArchived": False,
        "modelType": "custom_model",
        "modelUri": (
            "azureml://subscriptions/00000000-1111-2222-3333-444444444444/resourcegroups/trey-tests/workspaces/"
            f"{place.workspace.name}/datastores/workspaceblobstore/paths/models/m/"
            f"{registered.digest.removeprefix('sha256:')}/"
        ),
    }


def test_the_library_that_tells_its_maker_is_never_set_up(place: Place) -> None:
    """No call but ours, and none to the address for telemetry; the guard of every test says that none left us."""
    place.registry("m").versions()

    assert {call.host for call in place.cloud.front.calls} == {"management.azure.com"}
