"""Search finds every word, wherever it stands and however it is cased."""

import pytest

from components.models import Component, User
from tests.shown import keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def inventory(technician: User) -> None:
    for external_id, description in [
        ("BX-100", "Steel brake disc, good condition"),
        ("", "BRAKE drum, cast iron, 100% worn"),
        ("", "Gehäuse für ÖLPUMPE aus Aluminium"),
    ]:
        keep([description], by=technician, external_id=external_id)


@pytest.mark.usefixtures("inventory")
@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("brake", 2),
        ("BRAKE steel", 1),
        ("disc brake", 1),
        ("bx-100", 1),
        ("100%", 1),
        ("ölpumpe", 1),
        ("Ölpumpe", 1),
        ("GEHÄUSE", 1),
        ("brake_", 0),
        ("", 3),
    ],
)
def test_words_are_found(words: str, hits: int) -> None:
    assert Component.objects.search(words).count() == hits
