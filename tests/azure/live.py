"""`make smoke-azure`: each verb of the registry once against the Azure ML workspace of the settings. Never by itself.

It is the one check against Azure itself. Everything is of a model of its own, `trey-smoke`; what it registered is
archived at the end, and its few kilobytes stay in the datastore below `models/trey-smoke/` and `datasets/trey-smoke/`.
Prints a line for each thing that held, and ends with 1 at the first that did not.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import django

MODEL = "trey-smoke"
Answer = TypeVar("Answer")


def main() -> None:
    """Ask the workspace, and say what held."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")
    django.setup()
    from django.conf import settings

    from mlops.exceptions import ModelError

    if settings.REGISTRY != "azureml":
        sys.exit("Set REGISTRY=azureml and what docs/azure.md says, for a workspace that you may write to.")
    logging.getLogger("azure").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as directory:
        try:
            _verbs(Path(directory))
        except (ModelError, AssertionError) as error:
            sys.exit(f"It did not hold: {type(error).__name__}: {error}")


def _verbs(directory: Path) -> None:
    from mlops.exceptions import AlreadyRegistered
    from mlops.registries.choice import open_registry
    from mlops.services.registry import options_of
    from tests.registries.conformance import bundle, content, content_at, described

    version = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    registry = _held("the client opens", lambda: open_registry("azureml", options_of("azureml") | {"model": MODEL}))
    path = bundle(directory / "bundle", name=MODEL, version=version)
    registered = _held("a version is registered", lambda: registry.register(path, tags={"stage": "smoke"}))
    again = _held("registering it again changes nothing", lambda: registry.register(path))
    assert again == registered, f"{again} is not {registered}"
    listing = _held("versions are listed", registry.versions)
    assert registered in listing.versions, f"{registered} is not among {listing}"
    found = _held("its files come back", lambda: content(registry, registered))
    assert found == content_at(path), "the files are not those that were registered"
    other = bundle(directory / "other", name=MODEL, version=version, scale=2.0)
    try:
        registry.register(other)
    except AlreadyRegistered:
        _say("held: another bundle of its name and version is refused")
    else:
        raise AssertionError("another bundle of its name and version was taken")
    file = directory / "data.csv"
    file.write_text("text,label\nsteel from 2012,0\n", "utf-8")
    dataset = _held(
        "a data set is registered",
        lambda: registry.register_dataset(file, described(file, name="smoke", version=version)),
    )
    assert dataset in _held("data sets are listed", registry.datasets).datasets, f"{dataset} is not listed"
    _held("it is archived", lambda: _archive(registered.registry_version))
    assert registered not in registry.versions().versions, f"{registered} is archived and listed"


def _archive(number: str) -> None:
    """Put the version away, as a person would in the studio."""
    from django.conf import settings

    from mlops.registries.azureml.credentials import credential_of
    from mlops.registries.azureml.patience import Patience
    from mlops.registries.azureml.workspace import Workspace

    patience = Patience()
    Workspace(
        settings.AZURE_SUBSCRIPTION_ID,
        settings.AZURE_RESOURCE_GROUP,
        settings.AZURE_ML_WORKSPACE,
        credential=credential_of(settings.AZURE_CREDENTIAL, patience),
        patience=patience,
    ).archive_model(MODEL, number)


def _held(what: str, ask: Callable[[], Answer]) -> Answer:
    began = time.monotonic()
    answer = ask()
    _say(f"held: {what} ({time.monotonic() - began:.1f} s)")
    return answer


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
