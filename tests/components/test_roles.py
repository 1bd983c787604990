"""Roles are groups, and groups hold what the code says."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from components.models import User
from components.permissions import ROLES, SUBMIT_COMPONENTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_its_permissions_say_and_no_more(role: str) -> None:
    user = User.objects.create_user("someone")
    user.groups.add(Group.objects.get(name=role))

    assert user.get_all_permissions() == set(ROLES[role])


def test_migrating_puts_a_changed_role_right_again() -> None:
    group = Group.objects.get(name="technician")
    group.permissions.set(Permission.objects.filter(codename="delete_component"))

    call_command("migrate", verbosity=0)

    user = User.objects.create_user("someone")
    user.groups.add(group)
    assert user.get_all_permissions() == set(ROLES["technician"])


def test_nobody_without_a_role_may_submit() -> None:
    assert not User.objects.create_user("someone").has_perm(SUBMIT_COMPONENTS)
