"""`python -m benchmarks.packs`: seconds and memory of audit packs of many decisions, on each database.

Prints a Markdown table for docs/performance.md. Components, decisions and their events are written in bulk, with the
digests and the chain that the services would have written; the export and `verify.py` run in processes of their own.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.servers import ROOT, new_environment

BATCH = 1_000
TIMES_OF_MIB = 1024  # of what getrusage says, on Linux


def main() -> None:
    """Measure on both databases, each step in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packs", description=__doc__)
    parser.add_argument("--decisions", type=int, default=50_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one alone")
    parser.add_argument("--step", choices=tuple(_STEPS), help="one step, in this process, by its settings")
    parser.add_argument("--pack", type=Path, help="where that step writes the zip")
    options = parser.parse_args()
    if options.step:
        _STEPS[options.step](options)
        return
    print("| database | decisions | step | seconds | of it CPU | memory above idle, MiB | size, MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for database in [options.database] if options.database else ["sqlite", "postgresql"]:
        _measure(database, options.decisions)


def _measure(database: str, decisions: int) -> None:
    with ExitStack() as stack:
        environment = new_environment(
            database, stack, DJANGO_SETTINGS_MODULE="trey_compliance.settings", LOG_LEVEL="ERROR"
        )
        pack = Path(environment["VAR_DIR"]).with_name("pack.zip")
        for step in _STEPS:
            told = ["--step", step, "--decisions", str(decisions), "--pack", str(pack)]
            command = [sys.executable, "-m", "benchmarks.packs", *told]
            found = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
            if found.stdout:
                print(f"| {database} | {decisions:,} | {step} | {found.stdout.strip()} |", flush=True)


def _fill(options: argparse.Namespace) -> None:
    """Components that were submitted, claimed and decided, one decision each."""
    import django

    django.setup()
    from django.contrib.auth.models import Group
    from django.db import transaction

    from components.models import User

    technician, officer = (User.objects.create_user(name) for name in ("technician", "officer"))
    for user in (technician, officer):
        user.groups.add(Group.objects.get(name=user.username))
    writer = _Writer(technician, officer)
    for first in range(0, options.decisions, BATCH):
        with transaction.atomic():
            writer.write(range(first, min(first + BATCH, options.decisions)))


class _Writer:
    def __init__(self, technician: Any, officer: Any) -> None:
        from audit.models import Event
        from components.models import Regulation, ReviewPolicy
        from mlops.models import ModelVersion
        from mlops.training.dataset import generate

        self.technician, self.officer = technician, officer
        self.version, self.regulation, self.policy = (
            model.objects.get() for model in (ModelVersion, Regulation, ReviewPolicy)
        )
        self.texts = [example.text for example in islice(generate(4096, seed=20_261_121), 4096)]
        self.chance = random.Random(20_261_121)
        last = Event.objects.last_first()[0]
        self.position, self.digest, self.at = last.position, last.digest, last.at

    def write(self, numbers: range) -> None:
        """Each with eight rows of ledgers, which three events name."""
        from audit.models import Event
        from components.models import Component, Description
        from components.services.labelling import write_labels
        from mlops.contracts import Classification, Label

        components = Component.objects.bulk_create(
            Component(
                description=f"{self.texts[number % len(self.texts)]} no {number}",
                external_id=f"TR-{number}",
                entered_by=self.technician,
            )
            for number in numbers
        )
        texts = Description.objects.bulk_create(
            Description(component=each, number=1, text=each.description, written_by=self.technician)
            for each in components
        )
        scores = [self.chance.uniform(0.45, 0.55) for _ in components]
        labelled = write_labels(
            components,
            texts,
            [
                Classification(
                    text=each.description,
                    label=Label.of_score(score, 0.5),
                    score=score,
                    threshold=0.5,
                    model_version=str(self.version),
                    model_digest=self.version.digest,
                    text_seen=each.description.lower(),
                    truncated=False,
                    latency_ms=1.25,
                )
                for each, score in zip(components, scores, strict=True)
            ],
        )
        events = []
        for each, text, rows in zip(components, texts, labelled, strict=True):
            told = {"external_id": each.external_id, "description": each.description, "label": each.label.value}
            events.append(self.event("component_submitted", self.technician, each, told, [text, *rows]))
        events += self.decided(components, texts)
        Event.objects.bulk_create(events)

    def decided(self, components: list[Any], texts: list[Any]) -> Iterator[Any]:
        """Claims, decisions and labels of reviews, written; and the events that tell of them."""
        from audit.ledgers import named
        from components.models import Claim, Review

        reviews = list(Review.objects.filter(component__in=components).order_by("component_id"))
        claims = Claim.objects.bulk_create(
            Claim(review=review, officer=self.officer, lease=uuid.uuid4()) for review in reviews
        )
        decisions = self.decisions(reviews, components, texts)
        labels = self.labels(decisions)
        Review.objects.filter(component__in=components).update(state="decided")
        for review, claim, decision, label in zip(reviews, claims, decisions, labels, strict=True):
            each = decision.component
            yield self.event("review_claimed", self.officer, each, {"review": review.pk, "given_up": []}, [claim])
            told = {"review": review.pk, "decision": decision.pk, "outcome": "confirm", "reason_code": ""}
            told |= {"note": decision.note, "blind": False, "label": label.value}
            rows = [decision, named(decision.feedback), label]
            yield self.event("review_decided", self.officer, each, told, rows, before={"label": label.value})

    def decisions(self, reviews: list[Any], components: list[Any], texts: list[Any]) -> list[Any]:
        """Each confirms the model's label, which is the truth of its prediction."""
        from components.models import Decision
        from mlops.models import Feedback

        truths = Feedback.objects.bulk_create(
            Feedback(
                prediction_id=review.prediction_id,
                label=each.label.value,
                regulation_code=self.regulation.code,
                given_by=self.officer,
            )
            for review, each in zip(reviews, components, strict=True)
        )
        written: list[Any] = Decision.objects.bulk_create(
            Decision(
                review=review,
                component=each,
                description=text,
                outcome="confirm",
                value=each.label.value,
                regulation=self.regulation,
                note="As the drawing says." if review.pk % 5 == 0 else "",
                officer=self.officer,
                role="officer",
                blind=False,
                seconds=self.chance.uniform(1, 60),
                feedback=truth,
            )
            for review, each, text, truth in zip(reviews, components, texts, truths, strict=True)
        )
        return written

    def labels(self, decisions: list[Any]) -> list[Any]:
        """The label that each decision gives its component, which stands from now on."""
        from components.models import Component, Label

        given: list[Any] = Label.objects.bulk_create(
            Label(
                component=decision.component,
                description=decision.description,
                value=decision.value,
                source="officer",
                decision=decision,
                regulation=self.regulation,
            )
            for decision in decisions
        )
        for label in given:
            label.component.label = label
        Component.objects.bulk_update([label.component for label in given], ["label"])
        return given

    def event(
        self, action: str, by: Any, subject: Any, after: Any, rows: list[Any], before: dict[str, Any] | None = None
    ) -> Any:
        """The next event of the chain, as `audit.services.append` makes it."""
        from audit.canonical import chained, digest_of_plain
        from audit.models import Event
        from audit.services import _digests

        self.position, self.at = self.position + 1, self.at + timedelta(milliseconds=20)
        event = Event(
            position=self.position,
            at=self.at,
            action=action,
            actor=by,
            actor_name=by.username,
            role=by.username,
            origin="page",
            address="192.0.2.7",
            request_id=str(uuid.uuid4()),
            subject_type="components.component",
            subject_id=str(subject.pk),
            before=before or {},
            after=after,
            rows=_digests(rows),
        )
        event.payload_digest = digest_of_plain(event.payload())
        event.digest = self.digest = chained(self.digest, event.payload_digest)
        return event


def _export(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from components.models import Component
    from components.packs.scope import Scope
    from components.services.exporting import export

    first = Component.objects.order_by("pk").values_list("pk", flat=True)[0]
    export(Scope(component_id=first), to=options.pack.with_name("one.zip"), by=None)
    idle = _peak()
    began, cpu = time.perf_counter(), time.process_time()
    version = _version()
    pack = export(Scope(model_version=version), to=options.pack, by=None)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    if pack.contents.decisions != options.decisions:
        raise SystemExit(f"The pack holds {pack.contents.decisions} decisions.")
    size = options.pack.stat().st_size / 2**20
    print(f"{seconds:.1f} | {cpu:.1f} | {_peak() - idle:.0f} | {size:.0f}")


def _version() -> str:
    from mlops.models import ModelVersion

    return str(ModelVersion.objects.get())


def _verify(options: argparse.Namespace) -> None:
    script = ROOT / "components" / "packs" / "verify.py"
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-S", script, options.pack], stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{seconds:.1f} | {used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss / TIMES_OF_MIB:.0f} (all) | ")


def _peak() -> float:
    """The most memory that this process has held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / TIMES_OF_MIB


_STEPS = {"fill": _fill, "export": _export, "verify": _verify}


if __name__ == "__main__":
    main()
