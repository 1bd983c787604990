"""Answer what an officer asked back."""

from django.db import transaction

from audit.services import record
from components.exceptions import AlreadyAnswered, NotYours, TextChanged, UnknownRecord
from components.models import Answer, Decision, Review, User
from components.services.holding import locked_component
from components.services.remarks import remark


def answer(*, decision_id: int, text: str, by: User) -> Answer:
    """The answer to the question that this decision asked; its review waits for an officer again.

    Whoever entered the component may answer, whoever had asked for the review, and the officer who asks. Raises
    UnknownRecord, NotYours, MissingReason for a blank answer, AlreadyAnswered (also where the question was taken
    back), TextChanged where the description was edited since and the question withdrawn.
    """
    text = remark(text, field="text", missing="Write an answer.")
    with transaction.atomic():
        component = locked_component(decisions__pk=decision_id)
        question = Decision.objects.select_related("review").get(pk=decision_id)
        _refuse(question, by)
        question.review.state = Review.State.OPEN
        question.review.save(update_fields=["state"])
        answered = Answer.objects.create(question=question, text=text, answered_by=by)
        record(
            "question_answered",
            by=by,
            subject=component,
            after={"review": question.review_id, "question": question.pk, "text": text},
            rows=[answered],
        )
    return answered


def _refuse(question: Decision, by: User) -> None:
    if question.outcome != Decision.Outcome.ASK:
        raise UnknownRecord("There is no question of that number.")
    if not Decision.objects.answerable_by(by).contains(question):
        raise NotYours("This question is for another person.")
    if Answer.objects.filter(question=question).exists():
        raise AlreadyAnswered("This question has been answered.")
    if question.review.state == Review.State.WITHDRAWN:
        raise TextChanged("The description was edited since, and the question withdrawn.")
    if question.review.state != Review.State.ASKED:
        raise AlreadyAnswered("The officer has taken the question back.")
