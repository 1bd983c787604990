"""A STAND-IN for the control plane of Azure Machine Learning. It is not Azure, and nobody at Microsoft made it.

It answers the requests that the real `azure-ai-ml` sends, over real TLS and under the real name management.azure.com,
as far as this project needs them: workspaces, model versions, data versions, datastores and their secrets.

What it was checked against, by eye: the examples in Microsoft's published REST specifications (Azure/
azure-rest-api-specs, Microsoft.MachineLearningServices) of ModelVersion list and createOrUpdate (2023-08-01-preview),
ModelContainer get, DataContainer list, DataVersionBase createOrUpdate and Workspace get (2023-04-01-preview),
Datastore get (2023-04-01) and listSecrets (2024-10-01-preview). Its answers have their fields and shapes. Beyond the
examples it has what the client's deserialisers insist on: `flavors` that is not null, well-formed ids, nextVersion.

What it was NOT checked against: a live workspace, ever. Texts and codes of errors, the order and size of pages, what
the service validates, how soon a change is to be seen, limits and throttling are guesses, with two exceptions:
"Asset paths cannot be updated." is the text that the client itself looks for, and that the version of a model must be
a positive whole number is what users report (Azure/azureml-examples#2725).
"""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlencode

from tests.azure.front import Answer, Request

HOST = "management.azure.com"
SUBSCRIPTION = "00000000-1111-2222-3333-444444444444"
GROUP = "trey-tests"
PROVIDER = "Microsoft.MachineLearningServices"
PAGE = 3
"""Entries of one page of a list."""

Fields = dict[str, object]
Kept = TypeVar("Kept")


@dataclass
class Workspace:
    """What is in one workspace: models and data by name and version, datastores by name with their secrets."""

    name: str
    models: dict[str, dict[str, Fields]] = field(default_factory=dict)
    data: dict[str, dict[str, Fields]] = field(default_factory=dict)
    datastores: dict[str, tuple[Fields, Fields]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/{PROVIDER}/workspaces/{self.name}"

    def add_datastore(self, name: str, account: str, container: str, kind: str, secrets: Fields) -> None:
        """A datastore of Blob Storage; `kind` is AccountKey, Sas or None, the last for whom identity opens."""
        properties: Fields = {
            "description": None,
            "tags": {},
            "properties": None,
            "isDefault": False,
            "credentials": {"credentialsType": kind},
            "datastoreType": "AzureBlob",
            "accountName": account,
            "containerName": container,
            "endpoint": "core.windows.net",
            "protocol": "https",
        }
        self.datastores[name] = (properties, {"secretsType": kind, **secrets})


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class ControlPlane:
    """All workspaces of the one subscription and resource group; a `Site` of the TLS server."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Answer:
        try:
            _require_token(request)
            with self.lock:
                body = self._answer(request)
        except Refused as refused:
            error = {"error": {"code": refused.code, "message": str(refused)}}
            return Answer(refused.status, json.dumps(error).encode())
        return Answer(200, json.dumps(body).encode())

    def _answer(self, request: Request) -> Fields:
        match request.path.strip("/").split("/"):
            case ["subscriptions", _, "resourceGroups", _, "providers", _, "workspaces", name, *rest]:
                if name not in self.workspaces:
                    raise Refused(404, "ResourceNotFound", f"The workspace {name} was not found.")
                return _in_workspace(self.workspaces[name], request, rest)
        raise Refused(404, "ResourceNotFound", f"There is nothing at {request.path}.")


def _in_workspace(workspace: Workspace, request: Request, rest: list[str]) -> Fields:
    match request.method, rest:
        case "GET", []:
            return {
                "id": workspace.id,
                "name": workspace.name,
                "type": f"{PROVIDER}/workspaces",
                "location": "westeurope",
                "properties": {"discoveryUrl": "https://westeurope.api.azureml.ms/discovery", "friendlyName": None},
            }
        case "GET", ["datastores", name]:
            return _resource(workspace, rest, _found(workspace.datastores, name)[0])
        case "POST", ["datastores", name, "listSecrets"]:
            return _found(workspace.datastores, name)[1]
        case "GET", ["models" | "data" as kind]:
            found = [_container(workspace, kind, name, versions) for name, versions in _kept(workspace, kind).items()]
            return _page(workspace, request, found)
        case "GET", ["models" | "data" as kind, name]:
            return _container(workspace, kind, name, _found(_kept(workspace, kind), name))
        case "GET", ["models" | "data" as kind, name, "versions"]:
            return _page(workspace, request, _listed(_found(_kept(workspace, kind), name), request.query))
        case "GET", ["models" | "data" as kind, name, "versions", version]:
            return _found(_found(_kept(workspace, kind), name), version)
        case "PUT", ["models" | "data" as kind, name, "versions", version]:
            return _put(workspace, kind, name, version, json.loads(request.body)["properties"])
    raise Refused(405, "MethodNotAllowed", f"{request.method} is not possible at {request.path}.")


def _kept(workspace: Workspace, kind: str) -> dict[str, dict[str, Fields]]:
    return workspace.models if kind == "models" else workspace.data


def _found(kept: dict[str, Kept], name: str) -> Kept:
    if name not in kept:
        raise Refused(404, "UserError", f"{name} was not found.")
    return kept[name]


def _listed(versions: dict[str, Fields], query: dict[str, str]) -> list[Fields]:
    """The latest first, and of those archived or not what is asked for."""
    archived = {"ActiveOnly": {False}, "ArchivedOnly": {True}, "All": {False, True}}[
        query.get("listViewType", "ActiveOnly")
    ]
    return [
        resource
        for resource in reversed(versions.values())
        if resource["properties"]["isArchived"] in archived  # type: ignore[index]
    ]


def _put(workspace: Workspace, kind: str, name: str, version: str, given: Fields) -> Fields:
    """Made, or changed in everything but its path."""
    address = "modelUri" if kind == "models" else "dataUri"
    if kind == "models" and not (version.isdigit() and int(version) > 0):
        raise Refused(400, "UserError", f"The version of a model must be a positive integer, not {version}.")
    if len(version) > 30:
        raise Refused(400, "UserError", "Argument 'version' exceeded maximum length of 30.")
    texts = [text for held in ("tags", "properties") for text in (given.get(held) or {}).values()]  # type: ignore[attr-defined]
    if not all(isinstance(text, str) and len(text) <= 1000 for text in texts):
        raise Refused(400, "UserError", "Tags and properties must be texts of at most 1000 characters.")
    versions = _kept(workspace, kind).setdefault(name, {})
    standing = versions.get(version)
    if standing and standing["properties"][address] != given[address]:  # type: ignore[index]
        raise Refused(400, "UserError", "Asset paths cannot be updated.")
    kept = {"tags": {}, "properties": {}, "isArchived": False, "isAnonymous": False, **given}
    if kind == "models":
        kept = {**kept, "flavors": given.get("flavors") or {}}
    made = _resource(workspace, [kind, name, "versions", version], kept)
    if standing:
        made["systemData"] = standing["systemData"]
    versions[version] = made
    return made


def _container(workspace: Workspace, kind: str, name: str, versions: dict[str, Fields]) -> Fields:
    numbers = [int(version) for version in versions if version.isdigit()]
    properties: Fields = {
        "description": None,
        "tags": {},
        "properties": {},
        "isArchived": False,
        "latestVersion": next(reversed(versions), None),
        "nextVersion": str(max(numbers, default=0) + 1),
    }
    return _resource(workspace, [kind, name], properties | ({"dataType": "uri_file"} if kind == "data" else {}))


def _page(workspace: Workspace, request: Request, entries: list[Fields]) -> Fields:
    query = request.query
    start = int(query.get("$skipToken", 0))
    size = int(query.get("$top", PAGE))
    page: Fields = {"value": entries[start : start + size]}
    if start + size < len(entries) and "$top" not in query:
        page["nextLink"] = f"https://{HOST}{request.path}?{urlencode(query | {'$skipToken': str(start + size)})}"
    return page


def _resource(workspace: Workspace, below: list[str], properties: Fields) -> Fields:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {
        "id": "/".join([workspace.id, *below]),
        "name": below[-1],
        "type": "/".join([f"{PROVIDER}/workspaces", *below[::2]]),
        "properties": properties,
        "systemData": {
            "createdAt": now,
            "createdBy": "a test",
            "createdByType": "Application",
            "lastModifiedAt": now,
        },
    }


def _require_token(request: Request) -> None:
    """A token that somebody made for Azure's control plane, and that has not expired; its signature is not checked."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        good = kind == "Bearer" and claims["aud"] == f"https://{HOST}" and claims["exp"] > time.time()
    except (IndexError, KeyError, ValueError):
        good = False
    if not good:
        raise Refused(401, "InvalidAuthenticationToken", "The access token is missing, expired or for something else.")
