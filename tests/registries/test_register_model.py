"""`manage.py register_model` puts a bundle into the registry, signed where it is asked to, and is recorded."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from components.models import User
from mlops.exceptions import ArtifactCorrupt
from mlops.models import ModelVersion
from mlops.runtime.bundle import read
from mlops.runtime.signing import require_signed
from mlops.services import registry
from tests.bundles import write_tiny_bundle
from tests.mlops.signers import new_keys

pytestmark = pytest.mark.django_db


def register(bundle: Path, **options: object) -> tuple[str, str]:
    """What the command writes, and what it complains of."""
    said, complained = io.StringIO(), io.StringIO()
    call_command("register_model", bundle, stdout=said, stderr=complained, **options)
    return said.getvalue(), complained.getvalue()


@pytest.fixture
def tiny(registry_dir: Path, tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "bundle")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_keys(tmp_path, "key.pem")


def events() -> list[Event]:
    return list(Event.objects.filter(action="bundle_registered").order_by("position"))


def test_it_prints_name_version_and_digest(tiny: Path) -> None:
    said, complained = register(tiny)

    assert said == f"tiny:1 {read(tiny).digest}\n"
    assert complained == ""


def test_the_version_is_in_the_registry_and_nothing_has_been_fetched(tiny: Path) -> None:
    call_command("register_model", str(tiny), "--tag", "stage=trial", "--tag", "note=a=b", stdout=io.StringIO())

    (version,) = registry.current().versions().versions
    assert (str(version), dict(version.tags)) == ("tiny:1", {"stage": "trial", "note": "a=b"})
    assert not ModelVersion.objects.exists()


def test_who_registered_what_is_recorded(tiny: Path, officer: User) -> None:
    registered = registry.register_bundle(tiny, tags={"stage": "trial"}, by=officer)

    (event,) = events()
    assert event.actor == officer
    assert event.after == {
        "version": "tiny:1",
        "digest": registered.digest,
        "registry": "local",
        "source": registered.source,
        "tags": {"stage": "trial"},
        "signed": False,
    }


def test_a_repetition_is_recorded_too_for_the_first_may_have_been_cut_off(tiny: Path) -> None:
    first = register(tiny)

    assert register(tiny) == first
    assert len(events()) == 2


def test_a_version_is_signed_with_the_key(tiny: Path, key: Path) -> None:
    register(tiny, sign_with=key)

    (version,) = registry.current().versions().versions
    require_signed(version.digest, version.signature, key.with_suffix(".pub").read_bytes())
    assert events()[0].after["signed"] is True


@pytest.mark.parametrize("changed", ["tags", "signature"])
def test_what_was_registered_before_stays_as_it_was_and_the_person_is_told(tiny: Path, key: Path, changed: str) -> None:
    register(tiny)

    options = {"tags": [("stage", "trial")]} if changed == "tags" else {"sign_with": key}
    said, complained = register(tiny, **options)

    assert said == f"tiny:1 {read(tiny).digest}\n"
    assert complained == "tiny:1 was registered before; its tags and its signature stay as they were.\n"
    (version,) = registry.current().versions().versions
    assert (dict(version.tags), version.signature) == ({}, "")


def test_a_bundle_that_is_not_sound_is_refused_and_not_recorded(tiny: Path) -> None:
    (tiny / "card.md").write_text("Another card.", "utf-8")

    with pytest.raises(CommandError, match=r"^The bundle is not registered\. .*card\.md"):
        register(tiny)

    assert not events()


def test_another_bundle_of_the_same_version_is_refused(tiny: Path, tmp_path: Path) -> None:
    register(tiny)

    with pytest.raises(CommandError, match=r"give .* a version of its own"):
        register(write_tiny_bundle(tmp_path / "other", scale=2.0))


def test_a_key_that_cannot_sign_leaves_nothing_registered(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.pem cannot be read"):
        register(tiny, sign_with=tmp_path / "none.pem")

    assert registry.current().versions().versions == ()


def test_an_unsound_bundle_is_not_signed(tiny: Path, key: Path) -> None:
    (tiny / "card.md").write_text("Another card.", "utf-8")

    with pytest.raises(ArtifactCorrupt):
        registry.register_bundle(tiny, sign_with=key, by=None)


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [(["no-equals"], "write it as KEY=VALUE"), (["a=1", "a=2"], "once"), (["trey.digest=1"], "cannot be the key")],
)
def test_a_tag_that_is_none_is_refused(tiny: Path, tags: list[str], sentence: str) -> None:
    given = [part for tag in tags for part in ("--tag", tag)]

    with pytest.raises(CommandError, match=sentence):
        call_command("register_model", str(tiny), *given)

    assert registry.current().versions().versions == ()
