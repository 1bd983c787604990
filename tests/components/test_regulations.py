"""Which regulation counts on a day."""

from datetime import date

import pytest

from components.exceptions import NoRegulationInForce
from components.models import Regulation

pytestmark = pytest.mark.django_db


def test_the_newest_whose_date_has_come_is_in_force() -> None:
    Regulation.objects.create(code="NEXT", title="Next", text="…", effective_on=date(2030, 1, 1))

    assert Regulation.objects.in_force(date(2029, 12, 31)).code == "TREY-2019-1"
    assert Regulation.objects.in_force(date(2030, 1, 1)).code == "NEXT"


def test_before_the_first_there_is_none() -> None:
    with pytest.raises(NoRegulationInForce, match="1999-01-01"):
        Regulation.objects.in_force(date(1999, 1, 1))


def test_pages_show_that_of_today_or_none() -> None:
    first = Regulation.objects.get()
    assert Regulation.objects.in_force_now() == first

    Regulation.objects.update(effective_on=date(9999, 1, 1))
    assert Regulation.objects.in_force_now() is None
