"""What the registry lists becomes known here, as claims: each version once, whatever happens on the way."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from audit.models import Event
from components.models import User
from mlops.contracts import VersionState
from mlops.models import ModelVersion, RegistrySync, Transition
from mlops.services import mirroring, registry
from mlops.services.installing import install
from mlops.services.lifecycle import move
from mlops.services.syncing import sync
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.mlops.pretended import CREATED, Pretended, entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pretended]:
    """`listed(*entries)` is the registry of this installation from now on."""

    def made(*entries: object) -> Pretended:
        pretended = Pretended(*entries)
        monkeypatch.setattr(registry, "current", lambda: pretended)
        return pretended

    return made


def actions() -> list[str]:
    """What the audit has of versions, in order, but for what it says of each row by itself."""
    kept = Event.objects.filter(action__startswith="version_").order_by("position")
    return list(kept.values_list("action", flat=True))


def test_a_version_becomes_known_with_all_that_is_claimed_of_it(listed) -> None:
    listed(entry(7, signature="c2lnbmVk"))

    looked = sync()

    version = ModelVersion.objects.get()
    assert (looked.outcome, looked.seen, looked.added, looked.problem) == ("complete", 1, 1, "")
    assert (str(version), version.digest) == ("tiny:7", f"sha256:{7:064x}")
    assert (version.state, version.regulation_code, version.bytes) == ("registered", "TREY-2019-1", 1007)
    assert (version.registry, version.registry_version, version.source) == ("local", "7", "shelf 7")
    assert (version.metrics, version.tags) == ({"accuracy": 0.9}, {"stage": "trial"})
    assert version.lineage == {"data_digest": "sha256:" + "0" * 64}
    assert (version.created_at, version.signature) == (CREATED.replace(minute=7), "c2lnbmVk")
    assert (version.manifest, version.card) == ({}, "")


def test_it_begins_with_a_transition_and_an_event_that_name_who_asked(listed, admin: User) -> None:
    listed(entry())

    looked = sync(by=admin)

    transition, event = Transition.objects.get(), Event.objects.get(action="version_registered")
    assert (transition.from_state, transition.to_state, transition.by) == ("", "registered", admin)
    assert (event.actor_name, looked.by) == ("admin", admin)


def test_once_more_changes_nothing(listed) -> None:
    listed(entry(1), entry(2))
    sync()
    events = Event.objects.count()

    assert sync().added == 0
    assert (ModelVersion.objects.count(), Transition.objects.count(), Event.objects.count()) == (2, 2, events)


def test_changed_claims_are_followed_and_told_with_what_they_were(listed) -> None:
    shelf = listed(entry(1))
    sync()
    shelf.listed = [entry(1, tags={"stage": "final"}, metrics={"accuracy": 0.9}, source="shelf 9")]

    sync()

    version, event = ModelVersion.objects.get(), Event.objects.get(action="version_claims_changed")
    assert (version.tags, version.source) == ({"stage": "final"}, "shelf 9")
    assert event.before == {"tags": {"stage": "trial"}, "source": "shelf 1"}
    assert event.after == {"tags": {"stage": "final"}, "source": "shelf 9"}
    assert actions() == ["version_registered", "version_claims_changed"]


def test_what_the_bundle_itself_has_said_is_not_replaced_by_a_claim(listed, no_champion, tmp_path) -> None:
    installed = install(write_tiny_bundle(tmp_path / "bundle", version="3"))
    listed(entry(3, digest=installed.digest, bytes=5, regulation="OTHER", tags={"boast": "best"}))

    sync()

    version = ModelVersion.objects.get()
    assert (version.bytes, version.regulation_code) == (installed.bytes, "TREY-2019-1")
    assert (version.state, version.registry, version.tags) == ("verified", "local", {"boast": "best"})


def test_what_was_rejected_stays_rejected(listed) -> None:
    shelf = listed(entry(1))
    sync()
    move(ModelVersion.objects.get(), VersionState.REJECTED, reason="No.", by=None)
    shelf.listed = [entry(1, tags={"stage": "final"})]

    sync()

    assert ModelVersion.objects.get().state == "rejected"


def test_a_name_and_version_that_stand_for_another_digest_are_listed_as_unreadable(listed) -> None:
    shelf = listed(entry(1))
    sync()
    shelf.listed = [entry(1, digest="sha256:" + "f" * 64), entry(2)]

    looked = sync()

    assert (looked.outcome, looked.added) == ("complete", 1)
    (sentence,) = looked.unreadable
    assert sentence == (
        f"tiny:1 is known here with the digest sha256:{1:064x}, and the registry says sha256:{'f' * 64}: "
        "give this bundle a version of its own."
    )
    assert ModelVersion.objects.get(version="1").digest == f"sha256:{1:064x}"


def test_a_digest_that_stands_for_another_name_is_listed_as_unreadable(listed) -> None:
    shelf = listed(entry(1))
    sync()
    shelf.listed = [entry(1, name="other")]

    (sentence,) = sync().unreadable

    assert sentence == "other:1 has the digest of tiny:1, another version: register it under its own name."
    assert ModelVersion.objects.get().name == "tiny"


def test_a_bundle_that_is_registered_twice_is_followed_by_its_first_number(listed) -> None:
    again = entry(1, registry_version="9", source="shelf 9", created_at=CREATED.replace(hour=23))
    listed(again, entry(1))

    for _ in range(2):
        (sentence,) = sync().unreadable

    assert sentence == "tiny:1 is registered twice, as the numbers 1 and 9: archive one of them."
    assert ModelVersion.objects.get().source == "shelf 1"
    assert actions() == ["version_registered"]


def test_what_the_registry_cannot_read_is_kept_in_its_words(listed) -> None:
    listed(entry(1)).sentences = ["Version 3 has no digest: it was registered by other means.", "nul \0, half \ud800"]

    assert sync().unreadable == ["Version 3 has no digest: it was registered by other means.", "nul , half ?"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "x" * 65}, "has a name of more than 64 characters."),
        ({"version": "x" * 33}, "has a version of more than 32 characters."),
        ({"version": ""}, "has no name or no version."),
        ({"registry_version": "x" * 65}, "has a registry version of more than 64 characters."),
        ({"regulation": "x" * 65}, "has a regulation of more than 64 characters."),
        ({"digest": "sha256:abc"}, "has no digest of the form sha256: and 64 hexadecimal digits."),
        ({"digest": "sha256:" + "F" * 64}, "has no digest of the form sha256: and 64 hexadecimal digits."),
        ({"bytes": -1}, "has a size of -1 bytes."),
        ({"bytes": 2**63}, "has a size of 9223372036854775808 bytes."),
        ({"created_at": datetime(2026, 11, 1)}, "has a time of registration without a time zone."),
        (
            {"created_at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")},
            "was registered in a year that cannot be.",
        ),
        (
            {"created_at": datetime.fromisoformat("9999-12-31T23:59:59-14:00")},
            "was registered in a year that cannot be.",
        ),
        ({"metrics": {"accuracy": float("nan")}}, "cannot be kept: A number must be finite."),
        ({"tags": {"stage": "a\0b"}}, "cannot be kept: A text holds a NUL character"),
        ({"source": "half \ud800"}, "cannot be kept: A text holds half a character"),
        ({"name": "ti\0ny"}, "cannot be kept: A text holds a NUL character"),
        ({"lineage": {"config": "x" * 70_000}}, "has more than 64 KiB of metrics, tags and lineage."),
    ],
)
def test_an_entry_that_cannot_be_a_version_is_a_sentence_and_the_others_come_in(listed, fields, problem: str) -> None:
    listed(entry(1, **fields), entry(2))

    looked = sync()

    assert (looked.outcome, looked.added) == ("complete", 1)
    (sentence,) = looked.unreadable
    assert problem in sentence
    assert ModelVersion.objects.get().version == "2"


def test_a_crash_half_way_is_caught_up_by_the_next_look(listed, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(*(entry(number) for number in range(1, 6)))
    real, written = mirroring.begin, []

    def begin(version: ModelVersion, **about: object) -> Transition:
        if len(written) == 2:
            raise MemoryError
        written.append(version)
        return real(version, **about)

    monkeypatch.setattr(mirroring, "begin", begin)
    with pytest.raises(MemoryError):
        sync()
    assert ModelVersion.objects.count() == Transition.objects.count() == 2

    monkeypatch.setattr(mirroring, "begin", real)
    assert sync().added == 3
    assert ModelVersion.objects.count() == Transition.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_make_each_version_known_once(listed) -> None:
    listed(*(entry(number) for number in range(1, 13)))

    looks = at_once(sync, sync, sync)

    assert [look.outcome for look in looks] == ["complete"] * 3
    assert [look.unreadable for look in looks] == [[]] * 3
    assert sum(look.added for look in looks) == 12
    assert ModelVersion.objects.count() == Transition.objects.count() == 12
    assert actions() == ["version_registered"] * 12


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_follow_changed_claims_once(listed) -> None:
    shelf = listed(*(entry(number) for number in range(1, 6)))
    sync()
    shelf.listed = [entry(number, tags={"stage": "final"}) for number in range(1, 6)]

    at_once(sync, sync)

    assert actions().count("version_claims_changed") == 5


def test_the_newest_500_looks_are_kept(listed) -> None:
    listed()
    looks = [
        RegistrySync(registry="local", outcome="complete", started_at=CREATED, ended_at=CREATED) for _ in range(520)
    ]
    RegistrySync.objects.bulk_create(looks)

    newest = sync()

    assert RegistrySync.objects.count() == 500
    assert RegistrySync.objects.first() == newest


def test_a_look_costs_few_queries_for_each_version_that_stays_as_it_is(listed, django_assert_max_num_queries) -> None:
    listed(*(entry(number) for number in range(1, 41)))
    sync()

    # Two each, begin and end of their transactions included, and a dozen for the look itself.
    with django_assert_max_num_queries(4 * 40 + 12, connection=connection):
        sync()
