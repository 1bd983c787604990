"""Make a pack: the stories, their proof, what they rest on, and how to check it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone

from audit import anchors
from audit.canonical import encode
from audit.moment import one_moment
from components.exceptions import UnderBlindReview
from components.models import Label, Regulation, User
from components.packs.exceptions import NothingToExport
from components.packs.folder import Folder
from components.packs.proof import Proof, first_event_to_look_at, write_anchors
from components.packs.scope import Scope
from components.packs.stories import Stories
from components.permissions import marking_hidden
from components.querysets import ComponentQuerySet

FORMAT = 1
HIDDEN = "hidden_label"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a pack holds. `left_out` are components whose labels whoever made it may not see now."""

    decisions: int
    components: int
    events: int
    left_out: int


def make(scope: Scope, folder: Folder, *, anchor_file: Path, by: User | None) -> Contents:
    """Write every file of the pack, as of one moment. Raises NothingToExport and UnderBlindReview."""
    # Before the moment that is looked at, so that no anchor is younger than the chain.
    taken = anchors.readable(anchor_file)
    stories = Stories()
    with one_moment():
        components, left_out = _allowed(scope, by)
        stories.write(components, folder)
        if not stories.components or stories.earliest is None:
            raise NothingToExport(f"There is nothing to export: no {scope}.")
        subjects = {"mlops.modelversion": set(stories.versions), "components.regulation": stories.regulations}
        for label, keys in subjects.items():
            stories.add(label, keys)
        proof = Proof(stories.concerned)
        proof.write(folder, start=first_event_to_look_at(stories.earliest, subjects))
        write_anchors(taken, folder, first=proof.first)
        _write_regulations(stories.regulations, folder)
        versions = _write_cards(stories.versions, folder)
    contents = Contents(stories.decisions, stories.components, proof.events, left_out)
    made_by = "the command line" if by is None else by.get_username()
    _write_summary(scope, contents, proof, versions, made_by, folder)
    folder.write("verify.py", (_HERE / "verify.py").read_bytes())
    return contents


def _allowed(scope: Scope, by: User | None) -> tuple[ComponentQuerySet, int]:
    components = scope.components()
    if by is None:
        return components, 0
    marked = marking_hidden(components, by)
    hidden = marked.filter(**{HIDDEN: True}).count()
    if hidden and scope.component_id is not None:
        raise UnderBlindReview("This component waits for a blind decision: export it when that is made.")
    return marked.filter(**{HIDDEN: False}), hidden


def _write_regulations(keys: set[int], folder: Folder) -> None:
    with folder.writing("regulations.jsonl") as file:
        for regulation in Regulation.objects.filter(pk__in=keys).order_by("pk"):
            line = {
                "regulation": regulation.pk,
                "code": regulation.code,
                "title": regulation.title,
                "text": regulation.text,
                "effective_on": regulation.effective_on,
            }
            file.write(encode(line) + b"\n")


def _write_cards(versions: dict[int, str], folder: Folder) -> list[dict[str, object]]:
    """The card and, where it can be had to the byte, the manifest of each version: its digest is the version's."""
    found = []
    for version in _model_versions().filter(pk__in=versions).order_by("pk"):
        name = f"model_cards/{version.name}-{version.version}-{version.pk}"
        folder.write(f"{name}.md", version.card.encode())
        manifest = (json.dumps(version.manifest, sort_keys=True, indent=2) + "\n").encode()
        exact = version.digest == f"sha256:{hashlib.sha256(manifest).hexdigest()}"
        if exact:
            folder.write(f"{name}.json", manifest)
        found.append(
            {
                "id": version.pk,
                "name": versions[version.pk],
                "digest": version.digest,
                "card": f"{name}.md",
                "manifest": f"{name}.json" if exact else "",
            }
        )
    return found


def _model_versions() -> "models.QuerySet[Any]":
    # The model platform has one door; what its rows are related to is no secret of it.
    prediction: Any = Label._meta.get_field("prediction").related_model
    return prediction._meta.get_field("model_version").related_model._base_manager.all()  # type: ignore[no-any-return]


def _write_summary(
    scope: Scope,
    contents: Contents,
    proof: Proof,
    versions: list[dict[str, object]],
    made_by: str,
    folder: Folder,
) -> None:
    made_at = timezone.now()
    pack = {
        "format": FORMAT,
        "scope": scope.as_json(),
        "made_at": made_at,
        "made_by": made_by,
        "decisions": contents.decisions,
        "components": contents.components,
        "events": contents.events,
        "left_out": contents.left_out,
        "first": proof.first,
        "before": proof.before,
        "head": proof.head,
        "model_versions": versions,
    }
    folder.write("pack.json", encode(pack) + b"\n")
    readme = (_HERE / "README.txt").read_text("utf-8")
    folder.write(
        "README.txt",
        readme.format(
            scope=scope,
            made_at=f"{made_at:%Y-%m-%d %H:%M} UTC",
            made_by=made_by,
            decisions=f"{contents.decisions:,}",
            components=f"{contents.components:,}",
            events=f"{contents.events:,}",
            left_out=contents.left_out,
        ).encode(),
    )
