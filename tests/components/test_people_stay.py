"""Nobody who entered, decided or did anything can be taken from under it: an account is deactivated, not deleted."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import PROTECT, ForeignKey, ProtectedError
from django.db.models.fields.related import ForeignObjectRel
from django.test import Client

from audit.models import Event
from components.models import Component, Decision, User
from components.services import deciding, reviewing, routing, submission

# What an account had, and not what its person did.
OF_THE_ACCOUNT = {"admin.logentry", "knox.authtoken", "components.user_groups", "components.user_user_permissions"}


def test_whatever_names_a_person_protects_the_account() -> None:
    relations = [one for one in User._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    named = {
        relation.related_model._meta.label_lower: relation.on_delete
        for relation in relations
        if isinstance(relation.field, ForeignKey)
    }

    assert {label for label, on_delete in named.items() if on_delete is not PROTECT} == OF_THE_ACCOUNT
    assert {"audit.event", "components.decision", "components.component", "mlops.feedback"} <= named.keys()


@pytest.fixture
def decision(no_champion: None, technician: User, officer: User) -> Decision:
    component = submission.submit_component(description="iron bracket", by=technician)
    if not component.reviews.exists():
        routing.ask_for_review(component_id=component.pk, note="Is it iron?", by=technician)
    held = reviewing.claim(review_id=component.reviews.get().pk, by=officer)
    return deciding.decide(
        review_id=held.review.pk, lease=held.lease, number=1, seconds=1, by=officer, outcome="label", label="compliant"
    )


def delete_by_sql(person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {User._meta.db_table}_groups WHERE user_id = %s", [person.pk])
        cursor.execute(f"DELETE FROM {User._meta.db_table} WHERE id = %s", [person.pk])
    connection.check_constraints()


@pytest.mark.parametrize("role", ["officer", "technician"])
def test_who_decided_or_entered_something_cannot_be_deleted(decision: Decision, role: str) -> None:
    person = User.objects.get(username=role)

    with pytest.raises(ProtectedError), transaction.atomic():
        person.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_by_sql(person)

    assert User.objects.filter(pk=person.pk).exists()


def test_who_is_deactivated_is_named_as_before_and_can_do_no_more(
    decision: Decision, officer: User, technician: User
) -> None:
    officer.is_active = False
    officer.save()
    reader = Client()
    reader.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")

    page = reader.get(f"/components/{decision.component_id}/").content.decode()

    assert str(decision.officer) in page
    assert Component.objects.get().label_id is not None
    assert Event.objects.filter(action="review_decided", actor=officer).exists()
    entering = Client()
    entering.post("/login/", {"username": "officer", "password": "correct horse battery"})
    assert "_auth_user_id" not in entering.session
