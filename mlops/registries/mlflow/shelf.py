"""One registered model of MLflow, used as a shelf of files, each entry with a record of what it is."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable, VersionNotFound
from mlops.registries.base import RemoteFile
from mlops.registries.claims import OURS
from mlops.registries.redaction import without_secrets
from mlops.registries.statuses import SERVER_ERROR, is_denial, is_passing

CLAIMS: Final = f"{OURS}claims"
"""The tag with everything that is known of a version, or of a data set, as JSON."""
ARCHIVED: Final = f"{OURS}archived"
"""A version with this tag is archived, whatever its value."""
LONGEST_CLAIMS: Final = 100_000
FOLDER: Final = "bundle"
PAGE: Final = 200
MOST_PAGES: Final = 500
PIECE: Final = 1024**2
OK, NOT_FOUND = 200, 404

NO_SERVER: Final = "see that MLFLOW_TRACKING_URI is the address of an MLflow server"


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a registered model in MLflow."""

    number: str
    claims: str
    source: str
    created_at: datetime
    archived: bool


class Shelf:
    """One registered model of MLflow, used as a list of files with a record each."""

    def __init__(self, client: Any, uri: str, name: str) -> None:
        self._client = client
        self._uri = uri
        self._name = name

    def entries(self) -> list[Entry]:
        """All of them, the first that was made first."""
        found: list[Entry] = []
        token = None
        with _answering("list the versions"):
            for _ in range(MOST_PAGES):
                # No name holds a quote: REGISTRY_MODEL admits none.
                page = self._client.search_model_versions(f"name='{self._name}'", max_results=PAGE, page_token=token)
                found += [_entry(version) for version in page]
                token = page.token
                if not token:
                    return sorted(found, key=lambda entry: int(entry.number))
        raise RegistryError(f"MLflow lists more than {PAGE * MOST_PAGES:,} versions of {self._name}: see what it does.")

    def put(
        self,
        files: Sequence[Path],
        *,
        name: str,
        claims: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        require_unchanged: Callable[[], None],
    ) -> Entry:
        """Send the files, then make the version that points at them. `metrics` are for those who look in MLflow.

        `require_unchanged` is called once the files are sent, and raises where they are not what `claims` says.
        """
        written = json.dumps(claims, ensure_ascii=False, sort_keys=True, allow_nan=False)
        if len(written) > LONGEST_CLAIMS:
            raise RegistryError(f"What is known of {name} is too long for MLflow: shorten its lineage.")
        with _answering(f"register {name}"):
            self._ensure_model()
            run = self._client.create_run(self._experiment(), run_name=name).info
            source = f"{run.artifact_uri}/{FOLDER}"
            store = self._store(source)
            for file in files:
                store.log_artifact(str(file))
            # The client reads them by name: between the first look and now they may have become others.
            require_unchanged()
            for metric, value in metrics.items():
                self._client.log_metric(run.run_id, metric, value)
            self._client.set_terminated(run.run_id)
            # Its tags are part of the one call: nobody sees a version without them.
            made = self._client.create_model_version(
                self._name, source=source, run_id=run.run_id, tags={**tags, CLAIMS: written}, await_creation_for=0
            )
            return _entry(made)

    def remove(self, entry: Entry) -> None:
        with _answering(f"take back version {entry.number}"):
            self._client.delete_model_version(self._name, entry.number)

    def files(self, number: str) -> Iterator[RemoteFile]:
        """The files of the entry; raises VersionNotFound."""
        with _answering(f"list the files of version {number}", not_there="register the bundle again"):
            source = self._client.get_model_version(self._name, number).source
            listed = self._store(source).list_artifacts()
        if not listed:
            raise VersionNotFound(f"MLflow has no files at {without_secrets(source)}: register the bundle again.")
        return iter(
            [
                RemoteFile(
                    # What is no file at all must not pass for one.
                    path=f"{file.path}/" if file.is_dir else file.path,
                    bytes=file.file_size or 0,
                    open=partial(self._open, source, file.path),
                )
                for file in listed
            ]
        )

    @contextmanager
    def _open(self, source: str, path: str) -> Iterator[Iterator[bytes]]:
        from mlflow.utils.credentials import get_default_host_creds
        from mlflow.utils.rest_utils import http_request

        with _answering(f"read {path}", not_there="register the bundle again"):
            answer = http_request(
                get_default_host_creds(self._store(source).artifact_uri),
                f"/{quote(path)}",
                "GET",
                stream=True,
                raise_on_status=False,
            )
            with closing(answer):
                if answer.status_code == NOT_FOUND:
                    raise VersionNotFound(
                        f"MLflow has no file {path} at {without_secrets(source)}: register the bundle again."
                    )
                if answer.status_code != OK:
                    raise _refusal(f"read {path}", answer.status_code, answer.reason, NO_SERVER)
                yield _pieces(answer, path)

    def _store(self, source: str) -> Any:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        if not source.startswith("mlflow-artifacts:"):
            raise VersionNotFound(
                f"The files at {without_secrets(source)} are not handed out by the MLflow server: run it with "
                "--serve-artifacts."
            )
        return get_artifact_repository(source, tracking_uri=self._uri)

    def _ensure_model(self) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(self._name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def _experiment(self) -> str:
        from mlflow.exceptions import MlflowException

        if found := self._client.get_experiment_by_name(self._name):
            return str(found.experiment_id)
        try:
            return str(self._client.create_experiment(self._name))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            return str(self._client.get_experiment_by_name(self._name).experiment_id)


def _pieces(answer: Any, path: str) -> Iterator[bytes]:
    from requests import RequestException

    try:
        yield from answer.iter_content(PIECE)
    except (RequestException, OSError) as error:
        raise RegistryUnavailable(
            f"MLflow broke off while it sent {path} ({type(error).__name__}): ask again."
        ) from None


@contextmanager
def _answering(what: str, *, not_there: str = NO_SERVER) -> Iterator[None]:
    """Raises whatever MLflow's client raises as an error of a registry; `not_there` is what to do about a 404."""
    from mlflow.exceptions import MlflowException
    from requests import RequestException

    try:
        yield
    except MlflowException as error:
        raise _refusal(what, error.get_http_status_code(), str(error), not_there) from None
    except (RequestException, OSError) as error:
        answer = getattr(error, "response", None)
        status = SERVER_ERROR if answer is None else answer.status_code
        raise _refusal(what, status, f"{type(error).__name__}: {error}", not_there) from None


def _refusal(what: str, status: int, reason: str, not_there: str) -> RegistryError:
    # MLflow's client quotes addresses and answers.
    reason = " ".join(without_secrets(reason).split())[:400]
    if is_denial(status):
        return RegistryDenied(
            f"MLflow may not be asked to {what} ({reason}): give this account the right to it, by "
            "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."
        )
    if is_passing(status):
        return RegistryUnavailable(f"MLflow did not {what} ({reason}): see that it runs; it is asked again.")
    if status == NOT_FOUND:
        return VersionNotFound(f"MLflow could not {what}, which is not there ({reason}): {not_there}.")
    return RegistryError(f"MLflow refused to {what}: {reason}")


def _entry(version: Any) -> Entry:
    return Entry(
        number=str(version.version),
        claims=version.tags.get(CLAIMS, ""),
        source=version.source or "",
        created_at=_instant(version.creation_timestamp),
        archived=ARCHIVED in version.tags,
    )


def _instant(milliseconds: float) -> datetime:
    """The time; one that is none stands for the end of time, which nobody takes for a version's."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)
