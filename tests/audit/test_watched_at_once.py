"""Changes of a watched row that come at the same moment are all told of."""

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction

from audit.findings import Finding
from audit.models import Event
from components.models import User


@pytest.mark.django_db(transaction=True)
def test_two_roles_that_are_given_at_once_are_both_told(technician: User, found: Callable[[], list[Finding]]) -> None:
    officers, auditors = Group.objects.get(name="officer"), Group.objects.get(name="auditor")
    given, ended = Signal(), Signal()

    def give() -> None:
        with transaction.atomic():
            User.objects.get(pk=technician.pk).groups.add(officers)
            given.set()
            ended.wait(0.5)
        connections.close_all()

    thread = Thread(target=give)
    thread.start()
    given.wait(10)
    technician.groups.add(auditors)
    ended.set()
    thread.join()

    assert found() == []
    last = Event.objects.filter(action="user_groups_changed").last_first()[0]
    assert last.after == {"groups": ["auditor", "officer", "technician"]}
