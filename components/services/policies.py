"""Set how it is decided whether a person looks."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from components.models import ReviewPolicy, User
from components.models.reviews import MAX_REASON_CHARACTERS
from components.services.memory import Remembered
from components.services.remarks import remark


def set_policy(
    *,
    uncertain_from: float,
    uncertain_to: float,
    audit_share: float,
    blind_share: float,
    second_share: float,
    reason: str,
    by: User,
) -> ReviewPolicy:
    """A new policy, which counts from now on for what is labelled, asked or decided.

    Raises django's ValidationError for a number outside 0 to 1 or a band that ends before it begins, MissingReason
    without a reason.
    """
    numbers = {
        "uncertain_from": uncertain_from,
        "uncertain_to": uncertain_to,
        "audit_share": audit_share,
        "blind_share": blind_share,
        "second_share": second_share,
    }
    if faults := faults_of(numbers):
        raise ValidationError({name: ValidationError(sentence, code="invalid") for name, sentence in faults.items()})
    reason = remark(reason, field="reason", missing="Say why the policy is set so.", most=MAX_REASON_CHARACTERS)
    with transaction.atomic():
        last = ReviewPolicy.objects.in_force()
        policy = ReviewPolicy.objects.create(**numbers, reason=reason, set_by=by)
        record(
            "policy_set",
            by=by,
            subject=policy,
            before={name: getattr(last, name) for name in numbers},
            after={**numbers, "reason": reason},
            rows=[policy],
        )
    return policy


def policy_in_force() -> ReviewPolicy:
    """The policy that counts: the newest, or the one of a second ago where another process set it."""
    return _remembered()


_remembered = Remembered(ReviewPolicy.objects.in_force, about=ReviewPolicy)


def faults_of(numbers: Mapping[str, float]) -> dict[str, str]:
    """What is wrong with the numbers of a policy that are given, a sentence for each that is."""
    wrong = {name: "Write a number from 0 to 1." for name, number in numbers.items() if not 0 <= number <= 1}
    if not wrong and numbers.get("uncertain_from", 0) > numbers.get("uncertain_to", 1):
        wrong["uncertain_to"] = "The band must end where it begins or above."
    return wrong
