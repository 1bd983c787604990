"""Past decisions, run again on the archived bundle."""

import json
import random
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from components.exceptions import UnderBlindReview, UnknownRecord
from components.models import Component, Decision, Description, Regulation, Review, User
from components.services.replaying import replay_decision
from mlops import labeler
from mlops.contracts import SAME_SCORE, Label
from mlops.models import ModelVersion, Prediction
from mlops.services import installing, serving
from mlops.services.deployment import deploy_champion
from mlops.services.installing import STARTER_BUNDLE
from mlops.services.serving import bundle_path
from tests.append_only import unguarded
from tests.bundles import VOCABULARY, write_tiny_bundle
from tests.shown import keep, label_by_officer


def replay(*arguments: object) -> tuple[list[dict], str]:
    """The lines that the command wrote, and its complaint."""
    out = StringIO()
    try:
        call_command("replay_decision", *map(str, arguments), stdout=out)
    except CommandError as error:
        return [json.loads(line) for line in out.getvalue().splitlines()], str(error)
    return [json.loads(line) for line in out.getvalue().splitlines()], ""


def batches(texts: list[str], draw: random.Random) -> Iterator[list[str]]:
    while texts:
        size = draw.choice([1, 2, 3, 7, 16, 50, 256])
        yield texts[:size]
        texts = texts[size:]


def decide_on(texts: list[str], *, by: User) -> None:
    """Predictions of one batch of the real model, and a decision on each."""
    results = labeler.label(texts, by=by)
    descriptions = [
        Description(component=component, number=1, text=component.description, written_by=by)
        for component in Component.objects.bulk_create(
            Component(description=result.classification.text, entered_by=by) for result in results
        )
    ]
    asked = {"state": Review.State.DECIDED, "blind": False, "risk": 0, "uncertainty": 0}
    reviews = [
        Review(component=told.component, description=told, prediction_id=result.prediction_id, **asked)
        for told, result in zip(Description.objects.bulk_create(descriptions), results, strict=True)
    ]
    said = {"outcome": Decision.Outcome.CONFIRM, "regulation": Regulation.objects.get(), "officer": by}
    said |= {"role": "officer", "blind": False, "seconds": 1.0}
    Decision.objects.bulk_create(
        Decision(
            review=review,
            component=review.component,
            description=review.description,
            value=result.classification.label.value,
            **said,
        )
        for review, result in zip(Review.objects.bulk_create(reviews), results, strict=True)
    )


@pytest.fixture(params=["tiny", "starter"])
def varied(request: pytest.FixtureRequest, no_champion: None, tmp_path: Path) -> ModelVersion:
    """A champion whose scores are of many values: a linear one, and the one that ships."""
    path = STARTER_BUNDLE if request.param == "starter" else write_tiny_bundle(tmp_path / "bundle", scale=0.02)
    version = installing.install(path)
    deploy_champion(version, by=None)
    serving.start()
    return version


def test_a_thousand_decisions_made_in_batches_of_all_sizes_replay_equal(varied: ModelVersion, officer: User) -> None:
    draw = random.Random(7)
    words = [word for word in VOCABULARY if not word.startswith("[")]
    texts = [" ".join(draw.choices(words, k=draw.randint(1, 60))) for _ in range(1000)]
    for batch in batches(texts, draw):
        decide_on(batch, by=officer)
    written, complaint = replay("--all")
    assert (len(written), complaint) == (1000, "")
    assert {line["outcome"] for line in written} == {"equal"}
    assert max(abs(line["difference"]) for line in written) <= SAME_SCORE
    assert len({line["score"] for line in written}) > 20
    assert Event.objects.filter(action="decision_replayed").count() == 1000


def test_decisions_are_replayed_by_id_or_drawn(story: dict[str, Component]) -> None:
    decision = story["overridden"].decisions.get()
    (line,), _ = replay(decision.pk)
    assert (line["decision"], line["outcome"], line["model_version"]) == (decision.pk, "equal", "tiny:1")
    written, complaint = replay("--sample", 4)
    assert (len({line["decision"] for line in written}), complaint) == (4, "")


def test_a_difference_is_shown_and_ends_with_an_error(story: dict[str, Component]) -> None:
    decision = story["overridden"].decisions.get()
    with unguarded():
        Prediction.objects.filter(pk=decision.review.prediction_id).update(score=0.75)
    written, complaint = replay("--all")
    assert complaint == "Of 6 decisions, 1 different."
    (line,) = [line for line in written if line["outcome"] == "different"]
    assert line["difference"] == pytest.approx(line["replayed_score"] - 0.75)


def test_a_decision_without_a_model_has_nothing_to_replay(no_champion: None, officer: User) -> None:
    (component,) = keep(["a bracket"], by=officer)
    label_by_officer(component, Label.COMPLIANT, by=officer)
    (line,), complaint = replay("--all")
    assert (line["outcome"], "No model was asked" in line["problem"], complaint) == ("nothing", True, "")


def test_a_bundle_that_is_gone_makes_it_impossible(
    story: dict[str, Component], champion: ModelVersion, tmp_path
) -> None:

    deploy_champion(installing.install(write_tiny_bundle(tmp_path / "next", version="2", scale=0.5)), by=None)
    serving.reconcile()
    bundle_path(champion.digest).rename(tmp_path / "lost")
    (line,), complaint = replay(story["overridden"].decisions.get().pk)
    assert (line["outcome"], complaint) == ("impossible", "Of 1 decisions, 1 impossible.")
    assert "is not in this installation" in line["problem"]


@pytest.mark.parametrize("arguments", [(), ("--all", 1), ("--all", "--sample", 2), ("--sample", 0), (999_999,)])
def test_a_wish_that_makes_no_sense_is_refused(db: None, arguments: tuple[object, ...]) -> None:
    assert replay(*arguments)[1]


def test_who_must_not_see_the_label_replays_nothing(
    story: dict[str, Component], officer: User, auditor: User, open_blind: Callable[[Component], None]
) -> None:
    decision = story["overridden"].decisions.get()
    open_blind(story["overridden"])
    with pytest.raises(UnderBlindReview):
        replay_decision(decision_id=decision.pk, by=officer)
    assert replay_decision(decision_id=decision.pk, by=auditor).outcome == "equal"
    with pytest.raises(UnknownRecord):
        replay_decision(decision_id=999_999, by=auditor)


@pytest.fixture
def open_blind() -> Callable[[Component], None]:
    """A blind review of the component is opened."""

    def opened(component: Component) -> None:
        Review.objects.create(
            component=component, description=component.descriptions.get(), blind=True, risk=3, uncertainty=10
        )

    return opened
