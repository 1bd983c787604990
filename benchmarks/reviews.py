"""`python -m benchmarks.reviews`: server time of the review queue among many components, on each database.

Prints a Markdown table for docs/performance.md. The requests are made in process, by Django's test client: what is
timed is the whole stack of the application, without the web server and the network.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

from benchmarks.servers import ROOT, new_environment

BATCH = 2_000
WAITING_SHARE = 0.1
DECIDED_SHARE = 0.1
HTMX = {"HX-Request": "true"}


def main() -> None:
    """Measure on both databases, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reviews", description=__doc__)
    parser.add_argument("--components", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100, help="how often each request is made")
    parser.add_argument(
        "--measure", metavar="DATABASE", help="measure in this process, on the database of its settings"
    )
    options = parser.parse_args()
    if options.measure:
        _measure(options.measure, options.components, options.times)
        return
    print("| database | request | median ms | p95 ms | longest ms | queries |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for database in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            environment = new_environment(
                database, stack, DJANGO_SETTINGS_MODULE="trey_compliance.settings", LOG_LEVEL="ERROR"
            )
            again = ["--measure", database, "--components", str(options.components), "--times", str(options.times)]
            command = [sys.executable, "-m", "benchmarks.reviews", *again]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _measure(database: str, components: int, times: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.test import Client

    from components.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    technician, officer = (User.objects.create_user(name) for name in ("technician", "officer"))
    for user in (technician, officer):
        user.groups.add(Group.objects.get(name=user.username))
    _fill(components, technician, officer)
    client = Client(raise_request_exception=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    for name, request in _requests(client, officer).items():
        _time(f"| {database} | {name}", request, times)


def _requests(client: Any, officer: Any) -> dict[str, Callable[[], Any]]:
    """Each request as a function that prepares it and gives back what is to be timed."""
    from components.models import Review

    waiting = iter(Review.objects.open().order_by("-pk").values_list("pk", flat=True)[:1000])
    requests = _Requests(client, officer, waiting)
    return {
        "queue, first page": requests.queue,
        "queue, last page": requests.last_page,
        "one review": requests.item,
        "a decision": requests.decide,
        "claim and render the next, beforehand": requests.ahead,
        "heartbeat": requests.keep,
        "words that drove the label, first time": requests.words,
        "similar decided components": requests.similar,
    }


class _Requests:
    def __init__(self, client: Any, officer: Any, waiting: Iterator[int]) -> None:
        self.client, self.officer, self.waiting = client, officer, waiting

    def held(self) -> Any:
        from components.services.reviewing import claim_next

        return claim_next(by=self.officer)

    def get(self, path: str, **headers: str) -> Any:
        return lambda: self.client.get(path, headers=headers)

    def post(self, path: str, sent: dict[str, object]) -> Any:
        return lambda: self.client.post(path, sent, headers=HTMX)

    def queue(self) -> Any:
        return self.get("/reviews/")

    def last_page(self) -> Any:
        return self.get("/reviews/?page=1000000")

    def item(self) -> Any:
        return self.get(f"/reviews/{self.held().review.pk}/")

    def decide(self) -> Any:
        claimed = self.held()
        label = claimed.review.component.label.value
        sent = {"outcome": "confirm", "lease": claimed.lease, "number": 1, "seconds": 3, "stands": label}
        return self.post(f"/reviews/{claimed.review.pk}/decide/", sent)

    def ahead(self) -> Any:
        from components.models import Review

        shown = self.held()
        Review.objects.filter(holder=self.officer).exclude(pk=shown.review.pk).update(
            holder=None, lease=None, leased_until=None
        )
        return self.post("/reviews/next/", {"besides": [shown.review.pk]})

    def keep(self) -> Any:
        claimed = self.held()
        return self.post(f"/reviews/{claimed.review.pk}/keep/", {"lease": claimed.lease})

    def words(self) -> Any:
        return self.get(f"/reviews/{next(self.waiting)}/words/", **HTMX)

    def similar(self) -> Any:
        return self.get(f"/reviews/{next(self.waiting)}/similar/", **HTMX)


def _time(head: str, prepare: Callable[[], Any], times: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    prepare()()
    timings = []
    for _ in range(times):
        request = prepare()
        began = time.perf_counter()
        answer = request()
        timings.append((time.perf_counter() - began) * 1000)
        if answer.status_code not in (200, 204):
            raise SystemExit(f"{head}: status {answer.status_code}")
    request = prepare()
    with CaptureQueriesContext(connection) as captured:
        request()
    p95 = statistics.quantiles(timings, n=20, method="inclusive")[-1]
    print(f"{head} | {statistics.median(timings):.1f} | {p95:.1f} | {max(timings):.1f} | {len(captured)} |", flush=True)


def _fill(count: int, technician: Any, officer: Any) -> None:
    """Labelled components; one in ten waits for a person, one in ten is decided. Written without their events."""
    from components.models import Component, Regulation, ReviewPolicy
    from mlops.models import ModelVersion
    from mlops.training.dataset import generate

    chance = random.Random(20_261_121)
    texts = [example.text for example in islice(generate(4096, seed=20_261_121), 4096)]
    shared = {
        "officer": officer,
        "version": ModelVersion.objects.get(),
        "regulation": Regulation.objects.get(),
        "policy": ReviewPolicy.objects.get(),
    }
    for first in range(0, count, BATCH):
        components = Component.objects.bulk_create(
            Component(
                description=f"{texts[number % len(texts)]} no {number}",
                external_id=f"TR-{number}",
                entered_by=technician,
            )
            for number in range(first, min(first + BATCH, count))
        )
        _label(components, chance, shared)


def _label(components: list[Any], chance: random.Random, shared: dict[str, Any]) -> None:
    from components.models import Component, Description, Label
    from mlops.contracts import Label as Value
    from mlops.models import Prediction

    descriptions = Description.objects.bulk_create(
        Description(component=each, number=1, text=each.description, written_by=each.entered_by) for each in components
    )
    scores = [chance.random() for _ in components]
    predictions = Prediction.objects.bulk_create(
        Prediction(
            text=each.description,
            text_seen=each.description.lower(),
            truncated=False,
            label=Value.of_score(score, 0.5).value,
            score=score,
            threshold=0.5,
            model_version=shared["version"],
            latency_ms=1,
            inclusion_probability=1,
        )
        for each, score in zip(components, scores, strict=True)
    )
    labels = Label.objects.bulk_create(
        Label(
            component=each,
            description=description,
            value=prediction.label,
            source="model",
            prediction=prediction,
            regulation=shared["regulation"],
        )
        for each, description, prediction in zip(components, descriptions, predictions, strict=True)
    )
    for each, label in zip(components, labels, strict=True):
        each.label = label
    Component.objects.bulk_update(components, ["label"])
    _review(list(zip(components, descriptions, predictions, strict=True)), chance, shared)


def _review(labelled: list[tuple[Any, Any, Any]], chance: random.Random, shared: dict[str, Any]) -> None:
    from components.models import Decision, Review, Route

    chosen = [each for each in labelled if chance.random() < WAITING_SHARE + DECIDED_SHARE]
    decided = set(range(0, len(chosen), 2))
    reviews = Review.objects.bulk_create(
        Review(
            component=component,
            description=description,
            prediction=prediction,
            state="decided" if number in decided else "open",
            blind=False,
            risk=2 if prediction.label == "compliant" else 1,
            uncertainty=round(10 * (1 - abs(prediction.score - 0.5) / 0.5)),
        )
        for number, (component, description, prediction) in enumerate(chosen)
    )
    Route.objects.bulk_create(
        Route(
            review=review,
            reason="uncertain",
            policy=shared["policy"],
            score=review.prediction.score,
            threshold=0.5,
            probability=1,
        )
        for review in reviews
    )
    Decision.objects.bulk_create(_decisions([review for review in reviews if review.state == "decided"], shared))


def _decisions(reviews: list[Any], shared: dict[str, Any]) -> Iterator[Any]:
    from components.models import Decision

    for review in reviews:
        yield Decision(
            review=review,
            component=review.component,
            description=review.description,
            outcome="confirm",
            value=review.prediction.label,
            regulation=shared["regulation"],
            officer=shared["officer"],
            role="officer",
            blind=False,
            seconds=5,
        )


if __name__ == "__main__":
    main()
