"""Who looks is decided by a rule, with a probability that is fixed before the draw and kept."""

import math
import random
import statistics
from collections.abc import Callable

import pytest

from components import services
from components.models import Component, Review, ReviewPolicy, User
from components.services import reviewing, routing
from mlops.contracts import Classification, Label
from mlops.models import Prediction
from tests.components.conftest import TEXT
from tests.components.decisions import decide
from tests.shown import keep

THRESHOLD = 0.5
POLICY = ReviewPolicy(uncertain_from=0.1, uncertain_to=0.9, audit_share=0.05, blind_share=0.3, second_share=0.02)


def never() -> float:
    return 1 - 2**-53


def classified(score: float, threshold: float = THRESHOLD) -> Classification:
    return Classification(
        text=TEXT,
        label=Label.of_score(score, threshold),
        score=score,
        threshold=threshold,
        model_version="1",
        model_digest="sha256:0",
        text_seen=TEXT,
        truncated=False,
        latency_ms=1.0,
    )


@pytest.mark.parametrize("score", [0.1, 0.3, 0.5, 0.9])
def test_an_uncertain_score_is_always_looked_at(score: float) -> None:
    planned = routing.plan(classified(score), policy=POLICY, draw=never)

    assert (planned.reasons, planned.inclusion) == (("uncertain",), 1.0)


@pytest.mark.parametrize("score", [0.0, 0.0999, 0.9001, 1.0])
def test_of_the_certain_the_audits_share_is_drawn(score: float) -> None:
    drawn = routing.plan(classified(score), policy=POLICY, draw=lambda: 0.0499)
    spared = routing.plan(classified(score), policy=POLICY, draw=lambda: 0.05)

    assert (drawn.reasons, spared.reasons) == (("audit",), ())
    assert drawn.inclusion == spared.inclusion == 0.05


def test_without_an_audit_the_certain_are_never_to_be_sampled() -> None:
    policy = ReviewPolicy(uncertain_from=0.1, uncertain_to=0.9, audit_share=0, blind_share=1, second_share=0)

    planned = routing.plan(classified(0.99), policy=policy, draw=lambda: 0.0)

    assert (planned.reasons, planned.inclusion, planned.blind) == ((), None, False)


@pytest.mark.parametrize(
    ("score", "risk", "uncertainty"),
    [(0.5, 1, 10), (0.49, 2, 10), (0.75, 1, 5), (0.11, 2, 2), (0.0, 0, 0), (1.0, 0, 0)],
)
def test_the_queue_is_told_what_a_wrong_label_could_cost_and_how_close_it_is(
    score: float, risk: int, uncertainty: int
) -> None:
    planned = routing.plan(classified(score), policy=POLICY, draw=never)

    assert (planned.risk, planned.uncertainty) == (risk, uncertainty)


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.7])
@pytest.mark.parametrize(("scores", "risk"), [((0.1, 0.2, 0.4, 0.6, 0.9), 2), ((0.0, 0.05, 0.95, 1.0), 0)])
def test_the_place_in_the_queue_does_not_tell_a_label_that_stays_hidden(
    scores: tuple[float, ...], risk: int, threshold: float
) -> None:
    planned = [routing.plan(classified(score, threshold), policy=POLICY, draw=lambda: 0.0) for score in scores]

    assert {(one.blind, one.risk, one.uncertainty) for one in planned} == {(True, risk, 10)}


@pytest.mark.django_db
@pytest.mark.usefixtures("clean")
def test_nor_where_somebody_asks_for_a_look_or_a_second_opinion_is_drawn(
    submitted: Callable[..., Component], technician: User, officer: User
) -> None:
    certain = {"uncertain_from": 0.5, "uncertain_to": 0.5, "audit_share": 0}
    asked = submitted(blind_share=1, **certain)
    far = routing.uncertainty_of(asked.label.prediction.score, asked.label.prediction.threshold)
    routing.ask_for_review(component_id=asked.pk, note="Is that so?", by=technician)

    first = submitted("steel bracket", audit_share=1, second_share=1).reviews.get()
    claimed = reviewing.claim(review_id=first.pk, by=officer)
    decide(claimed, officer, "confirm")

    second = Review.objects.open().get(component=first.component)
    assert max(far, first.uncertainty) < 10
    assert (asked.reviews.get().blind, asked.reviews.get().uncertainty) == (True, 10)
    assert (second.blind, second.uncertainty) == (True, 10)


@pytest.mark.parametrize("threshold", [0.01, 0.3, 0.99])
def test_uncertainty_has_its_highest_at_the_threshold_wherever_it_is(threshold: float) -> None:
    assert routing.uncertainty_of(threshold, threshold) == 10
    assert min(routing.uncertainty_of(end, threshold) for end in (0.0, 1.0)) == 0


def test_over_many_draws_the_shares_hold() -> None:
    rng = random.Random(7)
    draws = 40_000

    planned = [routing.plan(classified(0.99), policy=POLICY, draw=rng.random) for _ in range(draws)]

    audited = [one for one in planned if one.reasons]
    assert _within_four_sigma(len(audited), draws, POLICY.audit_share)
    assert _within_four_sigma(sum(one.blind for one in audited), len(audited), POLICY.blind_share)
    assert not any(one.blind for one in planned if not one.reasons)


def test_accuracy_weighted_by_the_inclusion_probabilities_is_unbiased() -> None:
    # A model that is right more often where it is certain: the plain mean of what people looked at is far off.
    rng = random.Random(11)
    weighted, plain, true = [], [], []
    for _ in range(300):
        scores = [min(1.0, max(0.0, rng.betavariate(0.4, 0.4))) for _ in range(500)]
        right = [rng.random() < 0.55 + 0.9 * abs(score - 0.5) for score in scores]
        planned = [routing.plan(classified(score), policy=POLICY, draw=rng.random) for score in scores]
        looked_at = [(ok, one.inclusion) for ok, one in zip(right, planned, strict=True) if one.reasons]
        weighted.append(sum(ok / inclusion for ok, inclusion in looked_at if inclusion) / len(scores))
        plain.append(statistics.mean(ok for ok, _ in looked_at))
        true.append(statistics.mean(right))

    errors = [estimate - truth for estimate, truth in zip(weighted, true, strict=True)]
    standard_error = statistics.stdev(errors) / math.sqrt(len(errors))
    assert abs(statistics.mean(errors)) < 4 * standard_error
    assert standard_error < 0.01
    assert statistics.mean(true) - statistics.mean(plain) > 0.05


@pytest.mark.django_db
@pytest.mark.usefixtures("clean")
def test_the_probability_that_is_kept_is_the_one_the_draw_was_made_with(
    submitted: Callable[..., Component], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "draw", lambda: 0.2)

    submitted(uncertain_from=0, uncertain_to=0, audit_share=0.25, blind_share=0.1)

    route = Review.objects.get().routes.get()
    assert (route.reason, route.probability, route.review.blind) == ("audit", 0.25, False)
    assert Prediction.objects.get().inclusion_probability == 0.25


@pytest.mark.django_db
@pytest.mark.usefixtures("clean")
def test_what_was_not_drawn_keeps_its_probability_too(
    submitted: Callable[..., Component], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "draw", lambda: 0.3)

    submitted(uncertain_from=0, uncertain_to=0, audit_share=0.25)

    assert not Review.objects.exists()
    assert Prediction.objects.get().inclusion_probability == 0.25


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_what_was_labelled_late_is_routed_by_the_same_rule(
    technician: User, policy: Callable[..., ReviewPolicy], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(uncertain_from=0, uncertain_to=0, audit_share=0.1, blind_share=0.5)
    monkeypatch.setattr(routing, "draw", random.Random(3).random)
    keep([f"steel bracket {number}" for number in range(600)], by=technician)

    services.label_pending()

    assert _within_four_sigma(Review.objects.count(), 600, 0.1)
    assert _within_four_sigma(Review.objects.filter(blind=True).count(), Review.objects.count(), 0.5)
    assert set(Prediction.objects.values_list("inclusion_probability", flat=True)) == {0.1}


def _within_four_sigma(count: int, of: int, share: float) -> bool:
    return abs(count - of * share) <= 4 * math.sqrt(of * share * (1 - share))
