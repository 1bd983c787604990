"""What a person says of a prediction is kept beside it, and taken back by a row of its own."""

import math
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from components.models import User
from mlops import labeler
from mlops.contracts import FeedbackRecord, Label
from mlops.exceptions import NeverSampled, NotRetractable, UnknownRecord
from mlops.models import Feedback, ModelVersion, Prediction
from tests.at_once import at_once
from tests.bundles import COMPLIANT_TEXT

pytestmark = pytest.mark.django_db

Give = Callable[..., FeedbackRecord]


@pytest.fixture
def prediction_id(champion: ModelVersion) -> int:
    """A prediction that is reviewed with probability 0.05."""
    with transaction.atomic():
        return labeler.record(labeler.classify([COMPLIANT_TEXT]), inclusion=[0.05])[0].prediction_id


@pytest.fixture
def give(prediction_id: int, officer: User) -> Give:
    """Gives the officer's feedback on that prediction."""

    def give(label: Label = Label.NON_COMPLIANT, **fields: object) -> FeedbackRecord:
        said = {"prediction_id": prediction_id, "regulation": "TREY-2019-1", "blind": False, "sampled": False} | fields
        return labeler.record_feedback(label=label, by=officer, **said)

    return give


def standing() -> list[int]:
    return list(Feedback.objects.standing().values_list("pk", flat=True))


def test_what_a_person_says_is_kept_with_who_said_it_and_by_which_regulation(
    give: Give, prediction_id: int, officer: User
) -> None:
    record = give(blind=True)

    row = Feedback.objects.get(pk=record.feedback_id)
    assert (row.prediction_id, row.label, row.regulation_code) == (prediction_id, "non-compliant", "TREY-2019-1")
    assert (row.blind, row.given_by, row.retracts) == (True, officer, None)
    assert (record.prediction_id, record.label, record.blind) == (prediction_id, Label.NON_COMPLIANT, True)


@pytest.mark.parametrize(("sampled", "expected"), [(True, 0.05), (False, None)])
def test_the_inclusion_probability_counts_only_where_the_prediction_was_drawn(
    give: Give, sampled: bool, expected: float | None
) -> None:
    record = give(sampled=sampled)

    assert record.inclusion_probability == expected
    assert Feedback.objects.get().inclusion_probability == expected


def test_a_prediction_that_is_never_sampled_gives_no_sample(champion: ModelVersion, give: Give) -> None:
    never = labeler.label([COMPLIANT_TEXT], by=None)[0].prediction_id

    with pytest.raises(NeverSampled):
        give(prediction_id=never, sampled=True)

    assert not Feedback.objects.exists()


def test_each_prediction_has_its_own_inclusion_probability(champion: ModelVersion) -> None:
    results = labeler.record(labeler.classify([COMPLIANT_TEXT] * 3), inclusion=[0.05, None, 1.0])

    found = Prediction.objects.in_bulk()
    assert [found[result.prediction_id].inclusion_probability for result in results] == [0.05, None, 1.0]


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.1, math.inf])
def test_the_database_refuses_what_is_no_probability(champion: ModelVersion, probability: float) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        labeler.record(labeler.classify([COMPLIANT_TEXT]), inclusion=[probability])


def test_a_probability_too_few_records_nothing(champion: ModelVersion) -> None:
    with pytest.raises(ValueError, match="zip"):
        labeler.record(labeler.classify([COMPLIANT_TEXT] * 2), inclusion=[0.5])

    assert not Prediction.objects.exists()


def test_feedback_on_no_prediction_is_refused(give: Give) -> None:
    with pytest.raises(UnknownRecord):
        give(prediction_id=10**12)


def test_the_newest_of_each_prediction_stands(give: Give, champion: ModelVersion) -> None:
    other = labeler.label([COMPLIANT_TEXT], by=None)[0].prediction_id
    give(Label.COMPLIANT)
    newest, of_the_other = give(Label.NON_COMPLIANT), give(prediction_id=other)

    assert sorted(standing()) == [newest.feedback_id, of_the_other.feedback_id]


def test_once_the_newest_is_taken_back_the_one_before_it_stands_again(give: Give, officer: User) -> None:
    before, newest = give(Label.COMPLIANT), give(Label.NON_COMPLIANT)

    retraction = labeler.retract_feedback(newest.feedback_id, by=officer)

    assert standing() == [before.feedback_id]
    row = Feedback.objects.get(pk=retraction.retraction_id)
    assert (row.retracts_id, row.prediction_id, row.label) == (newest.feedback_id, newest.prediction_id, "")


def test_what_is_taken_back_leaves_nothing_standing(give: Give, officer: User) -> None:
    labeler.retract_feedback(give().feedback_id, by=officer)

    assert standing() == []
    assert Feedback.objects.count() == 2


def test_nothing_is_taken_back_twice(give: Give, officer: User) -> None:
    feedback_id = give().feedback_id
    with transaction.atomic():
        labeler.retract_feedback(feedback_id, by=officer)
        with pytest.raises(NotRetractable, match="before"):
            labeler.retract_feedback(feedback_id, by=officer)

    assert Feedback.objects.exclude(retracts=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_it_back_at_once_one_does(give: Give, officer: User) -> None:
    feedback_id = give().feedback_id

    def take_back() -> None:
        with transaction.atomic():
            labeler.retract_feedback(feedback_id, by=officer)

    taken = at_once(*[take_back] * 6, refusals=(NotRetractable,))

    assert taken.count(None) == 1
    assert Feedback.objects.count() == 2


def test_a_retraction_is_not_taken_back(give: Give, officer: User) -> None:
    retraction = labeler.retract_feedback(give().feedback_id, by=officer)

    with pytest.raises(NotRetractable, match="itself"):
        labeler.retract_feedback(retraction.retraction_id, by=officer)


def test_what_was_never_given_is_not_taken_back(officer: User) -> None:
    with pytest.raises(UnknownRecord):
        labeler.retract_feedback(10**12, by=officer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "maybe"},
        {"regulation_code": ""},
        {"inclusion_probability": 0.0},
        {"retraction": True},
        {"retraction": True, "label": "", "regulation_code": "", "blind": True},
        {"retraction": True, "label": "", "regulation_code": "", "inclusion_probability": 0.5},
    ],
)
def test_the_database_refuses_a_row_that_is_neither_a_truth_nor_a_retraction(
    give: Give, officer: User, wrong: dict[str, object]
) -> None:
    retracts_id = give().feedback_id if wrong.pop("retraction", False) else None
    right = {"label": "compliant", "regulation_code": "TREY-2019-1", "retracts_id": retracts_id}
    prediction = Prediction.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(prediction=prediction, given_by=officer, **(right | wrong))
