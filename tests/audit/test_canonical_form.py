"""The canonical form is the same before and after the database at hand has kept a value."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.canonical import chained, digest_of, encode, plain
from audit.exceptions import NotALedger, NotCanonical
from audit.ledgers import ledger, row_digest
from audit.models import Event
from audit.services import record
from tests.audit.specimens import Note, Specimen, make_table

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = (
    st.integers()
    | st.integers(-(10**400) + 1, 10**400 - 1)
    | FLOATS
    | st.sampled_from([-0.0, 1e16, 2.0**55, 1e22, 5e-324])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC) | st.timezones())
in_one_transaction = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.django_db
@in_one_transaction
@given(before=st.dictionaries(TEXTS, VALUES, max_size=5), after=st.dictionaries(TEXTS, VALUES, max_size=5))
def test_an_event_that_was_read_has_the_digest_it_was_written_with(
    before: dict[str, object], after: dict[str, object]
) -> None:
    position = record("something_happened", by=None, before=before, after=after).position

    event = Event.objects.get(position=position)
    assert digest_of(event.payload()) == event.payload_digest


@pytest.fixture
def specimens(db: None) -> None:
    make_table(Specimen)


@pytest.mark.usefixtures("specimens")
@in_one_transaction
@given(
    specimen=st.builds(
        Specimen,
        id=st.none(),
        number=st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9).map(str),
        small=st.none() | st.integers(-(2**15), 2**15 - 1),
        share=FLOATS | st.integers(-1000, 1000),
        price=st.decimals(-(10**9) + 1, 10**9 - 1, places=3)
        | st.integers(-(10**8), 10**8)
        | st.sampled_from([Decimal("0.5"), Decimal("1E3"), "7.25"]),
        truth=st.booleans(),
        word=TEXTS,
        day=st.dates() | st.just("2026-11-21"),
        moment=MOMENTS,
        clock=st.times(),
        span=st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)),
        key=st.uuids() | st.just("12345678123456781234567812345678"),
        data=VALUES,
        blob=st.binary(max_size=20),
        whose=st.none(),
    )
)
def test_a_row_that_was_read_has_the_digest_of_the_one_that_was_saved(specimen: Specimen) -> None:
    with transaction.atomic():
        specimen.save(force_insert=True)

    read = Specimen.objects.get(pk=specimen.pk)
    assert row_digest(read) == row_digest(specimen)


@pytest.mark.usefixtures("specimens")
def test_every_column_has_a_part_in_the_digest() -> None:
    user = get_user_model().objects.create_user(username="tess")
    row = Specimen(
        pk=1, number=1, share=0.5, price=1, truth=True, word="a", day="2026-11-21", moment=datetime.now(UTC),
        clock="10:00", span=timedelta(1), key=UUID(int=1), data={}, blob=b"a", made_at=datetime.now(UTC),
    )  # fmt: skip
    others = {
        "id": 2, "number": 2, "small": 0, "share": 0.6, "price": 2, "truth": False, "word": "b", "day": "2026-11-22",
        "moment": datetime.now(UTC), "clock": "10:01", "span": timedelta(2), "key": UUID(int=2), "data": {"a": None},
        "blob": b"b", "whose_id": user.pk, "made_at": datetime.now(UTC),
    }  # fmt: skip
    assert set(others) == {field.attname for field in Specimen._meta.concrete_fields}
    digests = {row_digest(row)}
    for name, other in others.items():
        kept, row.__dict__[name] = row.__dict__[name], other
        digests.add(row_digest(row))
        row.__dict__[name] = kept
    assert len(digests) == 1 + len(others)


def test_the_form_is_the_documented_one() -> None:
    moment = datetime(2026, 11, 21, 10, 15, 3, 5, tzinfo=timezone(timedelta(hours=2)))

    written = encode({"b": [1.0, 0.1, -0.0, True, None], "a": "é\n", "at": moment, "on": date(2026, 11, 21)})

    at = "2026-11-21T08:15:03.000005+00:00"
    assert written.decode() == '{"a":"é\\n","at":"' + at + '","b":[1,0.1,0,true,null],"on":"2026-11-21"}'


def test_the_chain_is_the_documented_one() -> None:
    assert chained("0" * 64, digest_of({})) == "09ad20dc4e5df15657fbc2d7fc65ffc996b58412847f5d2b84390ac6b79f8396"


@given(VALUES)
def test_json_reads_the_canonical_form_back(value: object) -> None:
    assert plain(json.loads(encode(value))) == plain(value)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), 10**400, "a\x00b", "\ud800", {1: 2}, {"\x00": 1}, object(), {1, 2},
     datetime(2026, 11, 21)],
    ids=repr,
)  # fmt: skip
def test_what_has_no_lasting_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        encode({"value": value})


def test_a_row_says_which_of_its_columns_has_no_lasting_form() -> None:
    with pytest.raises(NotCanonical, match=r"Note\.words .* NUL"):
        row_digest(Note(pk=1, words="a\x00"))


def test_a_model_whose_rows_have_no_lasting_digest_is_no_ledger() -> None:
    for field, reason in (
        (models.FileField(), "is a file"),
        (models.DecimalField(max_digits=16, decimal_places=2), "more digits"),
        (models.UUIDField(primary_key=True), "whole number"),
    ):
        with isolate_apps("audit"):
            made = type("Odd", (models.Model,), {"__module__": __name__, "field": field, "Meta": _Meta})
        with pytest.raises(NotALedger, match=reason):
            ledger(made)


class _Meta:
    app_label = "audit"
