"""Make a pack: the stories, their proof, what they rest on, and how to check it."""

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from audit import anchors
from audit.moment import one_moment
from components.exceptions import UnderBlindReview
from components.models import Component, Regulation, User
from components.packs.exceptions import NothingToExport
from components.packs.folder import Folder
from components.packs.owning import Named, components_of
from components.packs.proof import Proof, first_event_to_look_at, write_anchors
from components.packs.reading import line, read, told
from components.packs.scope import Scope
from components.packs.stories import Stories
from components.packs.telling import Versions
from components.packs.verifier.form import FORMAT
from components.permissions import marking_hidden
from components.querysets import ComponentQuerySet
from mlops import labeler

HIDDEN = "hidden_label"
GUESSABLE = ("components.decision", "components.label", "mlops.feedback")
"""Ledgers of whose rows little but the label is unknown to who decides: a digest is guessed by trying both."""
_HERE = Path(__file__).parent
_REGULATION = ("code", "title", "text", "effective_on")


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a pack holds. `left_out` are components whose labels whoever made it may not see now."""

    decisions: int
    components: int
    events: int
    left_out: int


def make(scope: Scope, folder: Folder, *, anchor_file: Path, by: User | None) -> Contents:
    """Write every file of the pack, as of one moment. Raises NothingToExport, UnderBlindReview, Unreadable."""
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
        proof = Proof(stories.concerned, lambda named: _refuse_hidden(named, by))
        proof.write(folder, start=first_event_to_look_at(stories.earliest, subjects))
        write_anchors(taken, folder, first=proof.first)
        _write_regulations(stories.regulations, folder)
        versions = _write_cards(stories.versions, folder)
    contents = Contents(stories.decisions, stories.components, proof.events, left_out)
    made_by = "the command line" if by is None else by.get_username()
    _write_summary(scope, contents, proof, versions, made_by, folder)
    for script in (_HERE / "verify.py", *sorted((_HERE / "verifier").glob("*.py"))):
        folder.write(script.relative_to(_HERE).as_posix(), script.read_bytes())
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


def _refuse_hidden(named: Named, by: User | None) -> None:
    """Raise UnderBlindReview where one event of the pack names a row by which a hidden label could be guessed."""
    if by is None:
        return
    owners = {key for label in GUESSABLE for key in components_of(label, named.get(label, ())).values()}
    others = Component.objects.filter(pk__in=owners)
    if marking_hidden(others, by).filter(**{HIDDEN: True}).exists():
        raise UnderBlindReview(
            "One event tells of what is asked for together with another component, which waits for a blind decision: "
            "export it when that is made."
        )


def _write_regulations(keys: set[int], folder: Folder) -> None:
    with folder.writing("regulations.jsonl") as file:
        for key, *columns in read(Regulation.objects.filter(pk__in=keys).order_by("pk"), "pk", *_REGULATION):
            file.write(line({"regulation": key, **dict(zip(_REGULATION, map(told, columns), strict=True))}))


def _write_cards(versions: Versions, folder: Folder) -> list[dict[str, object]]:
    """The card and, where it can be had to the byte, the manifest of each version: its digest is the version's."""
    cards = {card.digest: card for card in labeler.cards([digest for _, digest in versions.values()])}
    found = []
    for key, (_, digest) in sorted(versions.items()):
        card = cards[digest]
        name = f"model_cards/{card.model_version.replace(':', '-')}-{key}"
        folder.write(f"{name}.md", card.text.encode())
        if card.manifest:
            folder.write(f"{name}.json", card.manifest)
        found.append(
            {
                "id": key,
                "name": card.model_version,
                "digest": digest,
                "card": f"{name}.md",
                "manifest": f"{name}.json" if card.manifest else "",
            }
        )
    return found


def _write_summary(
    scope: Scope,
    contents: Contents,
    proof: Proof,
    versions: list[dict[str, object]],
    made_by: str,
    folder: Folder,
) -> None:
    made_at = timezone.now()
    begins, ends = scope.instants or (None, None)
    pack = {
        "format": FORMAT,
        "scope": scope.as_json(),
        "begins": told(begins),
        "ends": told(ends),
        "made_at": told(made_at),
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
    folder.write("pack.json", line(pack))
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
