"""What people are called in pages."""

import pytest

from components.models import User


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [("Ida", "Noor", "Ida Noor"), ("Ida", "", "Ida"), ("", "Noor", "Noor"), ("", "", "ida")],
)
def test_a_person_goes_by_name_else_by_account(first: str, last: str, shown: str) -> None:
    assert User(username="ida", first_name=first, last_name=last).shown_name() == shown
