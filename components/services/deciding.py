"""Decide a review, and take a decision back."""

import math
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from audit.ledgers import NamedRow
from audit.services import record
from components.exceptions import AlreadyDecided, MissingReason, ReasonCodeRetired, SameLabel, TextChanged
from components.models import Decision, Label, ReasonCode, Regulation, Review, Route, User
from components.models.decisions import MAX_SECONDS
from components.services import routing
from components.services.holding import NO_LEASE, locked_component, locked_review, refuse_own, refuse_without_lease
from components.services.people import roles_of
from components.services.policies import policy_in_force
from components.services.remarks import remark
from components.services.undoing import undo
from mlops import contracts, labeler

__all__ = ["decide", "undo"]

Outcome = Decision.Outcome
ACTIONS = {Outcome.ESCALATE: "review_escalated", Outcome.ASK: "question_asked"}


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is decided, as it is kept; `value` is empty where no label is given."""

    outcome: Decision.Outcome
    value: str
    reason_code: ReasonCode | None
    note: str
    seconds: float


def decide(
    *,
    review_id: int,
    lease: UUID,
    outcome: str,
    label: str | None = None,
    reason_code: str = "",
    note: str = "",
    number: int,
    seconds: float,
    by: User,
) -> Decision:
    """What the officer who has the review in hand decides, written whole or not at all.

    `outcome` is one of confirm and override, where a label was shown; label, where none was (a blind review, or none
    there is), which is kept as confirm or override of the label that stood, or as label; escalate and ask. `number`
    is that of the description that was read, `seconds` how long; more than a day counts as a day.

    Raises django's ValidationError, UnknownRecord, TextChanged, AlreadyDecided, NotYours, OwnComponent, LeaseLost,
    SameLabel, MissingReason, ReasonCodeRetired, and NoRegulationInForce.
    """
    note = remark(note, field="note")
    _refuse_unreadable(outcome, label, seconds)
    with transaction.atomic():
        component = locked_component(reviews__pk=review_id)
        review = locked_review(review_id)
        review.component = component
        _refuse_what_is_over(review, number)
        refuse_without_lease(review, lease, by)
        refuse_own(review, by)
        kept, value = _compared(Outcome(outcome), label, review)
        code = _reason_code(reason_code)
        _refuse_without_reason(Outcome(outcome), code, note)
        return _write(review, _Decided(kept, value, code, note, min(seconds, float(MAX_SECONDS))), by)


def _refuse_unreadable(outcome: str, label: str | None, seconds: float) -> None:
    wrong = {}
    if outcome not in (*Outcome,) or outcome == Outcome.UNDO:
        wrong["outcome"] = ValidationError("Decide to confirm, override, label, escalate or ask.", code="invalid")
    if label and label not in (*contracts.Label,):
        wrong["label"] = ValidationError("A label is compliant or non-compliant.", code="invalid")
    if not (math.isfinite(seconds) and seconds >= 0):
        wrong["seconds"] = ValidationError("Seconds are a number from 0 upwards.", code="invalid")
    if wrong:
        raise ValidationError(wrong)


def _refuse_what_is_over(review: Review, number: int) -> None:
    if review.state == Review.State.DECIDED:
        raise AlreadyDecided("This review has been decided.")
    if review.state == Review.State.WITHDRAWN or review.component.description_number != number:
        raise TextChanged("The description was edited since you read it: its new text is reviewed anew.")


def _compared(outcome: Decision.Outcome, label: str | None, review: Review) -> tuple[Decision.Outcome, str]:
    """The outcome as it is kept and the label that it gives, compared with the one that stands."""
    standing = review.component.label.value if review.component.label else ""
    if outcome in (Outcome.ESCALATE, Outcome.ASK):
        if label:
            raise _invalid("label", "Who cannot decide gives no label.")
        return outcome, ""
    if outcome is Outcome.LABEL:
        return _compared_unseen(label, standing, blind=review.blind)
    if review.blind or not standing:
        raise _invalid("outcome", "No label is shown that could be confirmed or overridden: give one.")
    if outcome is Outcome.OVERRIDE and label == standing:
        raise SameLabel(f"The component is {standing} already: confirm that, or choose the other label.")
    if outcome is Outcome.CONFIRM and label and label != standing:
        raise _invalid("label", "To give another label than the one that stands is to override it.")
    return outcome, standing if outcome is Outcome.CONFIRM else contracts.Label(standing).other().value


def _compared_unseen(label: str | None, standing: str, *, blind: bool) -> tuple[Decision.Outcome, str]:
    if not label:
        raise _invalid("label", "Say which label it is.")
    if not standing:
        return Outcome.LABEL, label
    if not blind:
        raise _invalid("outcome", "A label stands: confirm or override it.")
    return (Outcome.CONFIRM if label == standing else Outcome.OVERRIDE), label


def _invalid(field: str, sentence: str) -> ValidationError:
    return ValidationError({field: ValidationError(sentence, code="invalid")})


def _reason_code(code: str) -> ReasonCode | None:
    if not code:
        return None
    found = ReasonCode.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise _invalid("reason_code", "There is no such reason code.")
    if found.retired_at is not None and found.retired_at <= timezone.now():
        raise ReasonCodeRetired(f"The reason “{found.title}” may not be chosen any more: choose another.")
    return found


def _refuse_without_reason(outcome: Decision.Outcome, code: ReasonCode | None, note: str) -> None:
    if outcome is Outcome.OVERRIDE and code is None:
        raise MissingReason("Choose the reason why the label is wrong.")
    if outcome is Outcome.ESCALATE and not note:
        raise MissingReason("Write for your colleague why you cannot decide.")
    if outcome is Outcome.ASK and not note:
        raise MissingReason("Write what the technician is to answer.")


def _write(review: Review, decided: _Decided, by: User) -> Decision:
    regulation = Regulation.objects.in_force(timezone.localdate())
    before = review.component.label.value if review.component.label else None
    drawn_in = _drawn_in(review)
    blind = review.blind and not _saw_the_answer(review, by)
    feedback = _truth(review, decided.value, regulation, blind=blind, sampled=bool(drawn_in), by=by)
    decision = Decision.objects.create(
        review=review,
        component=review.component,
        description_id=review.description_id,
        outcome=decided.outcome,
        value=decided.value,
        regulation=regulation,
        reason_code=decided.reason_code,
        note=decided.note,
        officer=by,
        role=roles_of(by),
        blind=blind,
        seconds=decided.seconds,
        feedback_id=feedback.feedback_id if feedback else None,
    )
    rows: list[Model | NamedRow] = [decision, *([feedback.row] if feedback else [])]
    if decided.value:
        rows.append(_give_label(decision))
    _close(review, decided.outcome)
    if decided.value and review.pk in drawn_in:
        rows += routing.draw_second_opinion(review, policy=policy_in_force())
    record(
        ACTIONS.get(decided.outcome, "review_decided"),
        by=by,
        subject=review.component,
        before={"label": before},
        after={**_told(decision), "label": decided.value or before},
        rows=rows,
    )
    return decision


def _told(decision: Decision) -> dict[str, object]:
    return {
        "review": decision.review_id,
        "decision": decision.pk,
        "outcome": decision.outcome,
        "reason_code": decision.reason_code.code if decision.reason_code else "",
        "note": decision.note,
        "blind": decision.blind,
    }


def _drawn_in(review: Review) -> set[int]:
    """The reviews that a rule opened for this prediction: whoever says the truth of it later, it was sampled."""
    if review.prediction_id is None:
        return set()
    by_rule = Route.objects.filter(review__prediction=review.prediction_id, reason__in=routing.BY_RULE)
    return set(by_rule.values_list("review_id", flat=True))


def _saw_the_answer(review: Review, by: User) -> bool:
    """Whether what is hidden may have been seen: it was between a decision and its undo, and by who asked about it."""
    decided = Decision.objects.filter(review=review).exclude(value="").exists()
    return decided or Route.objects.filter(review=review, by=by).exists()


def _truth(
    review: Review, value: str, regulation: Regulation, *, blind: bool, sampled: bool, by: User
) -> contracts.FeedbackRecord | None:
    if not value or review.prediction_id is None:
        return None
    return labeler.record_feedback(
        prediction_id=review.prediction_id,
        label=contracts.Label(value),
        regulation=regulation.code,
        blind=blind,
        sampled=sampled,
        by=by,
    )


def _give_label(decision: Decision) -> Label:
    label = Label.objects.create(
        component=decision.component,
        description_id=decision.description_id,
        value=decision.value,
        source=Label.Source.OFFICER,
        decision=decision,
        regulation=decision.regulation,
    )
    decision.component.label = label
    decision.component.save(update_fields=["label"])
    return label


def _close(review: Review, outcome: Decision.Outcome) -> None:
    if outcome is Outcome.ESCALATE:
        review.escalated = True
    elif outcome is Outcome.ASK:
        review.state = Review.State.ASKED
    else:
        review.state = Review.State.DECIDED
        review.closed_at = timezone.now()
    review.holder = review.lease = review.leased_until = None
    review.save(update_fields=["state", "escalated", "closed_at", *NO_LEASE])
