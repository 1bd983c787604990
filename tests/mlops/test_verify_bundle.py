"""`manage.py verify_bundle` says whether a bundle would be let in, and changes nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from mlops.models import ModelVersion
from mlops.runtime import signing
from mlops.runtime.bundle import read
from tests.bundles import reseal, tiny_model, write_tiny_bundle
from tests.mlops.signers import new_keys

pytestmark = pytest.mark.usefixtures("limits")


def verify_bundle(*words: object) -> str:
    output = StringIO()
    call_command("verify_bundle", *map(str, words), stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_a_sound_bundle_passes_check_after_check(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "bundle")

    lines = verify_bundle(bundle).splitlines()

    size = sum(file.stat().st_size for file in bundle.iterdir())
    assert [line.split()[0] for line in lines] == ["passed"] * 8 + ["tiny:1"]
    assert lines[0] == f"passed  files: Its seven files are those of its digest: {size:,} bytes."
    assert read(bundle).digest in lines[-1]
    assert not ModelVersion.objects.exists()


def test_a_bad_bundle_fails_with_status_1_and_the_check(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "bundle", model=tiny_model(bad=0))
    output = StringIO()
    with pytest.raises(CommandError, match=r"tiny:1 is refused\. different answers: It gives") as refusal:
        call_command("verify_bundle", str(bundle), stdout=output)
    assert refusal.value.returncode == 1
    assert output.getvalue().splitlines()[-1].startswith("FAILED  different answers: It gives")


def test_what_is_no_bundle_fails_with_status_1(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere cannot be read: No such file") as refusal:
        verify_bundle(tmp_path / "nowhere")
    assert refusal.value.returncode == 1
    bundle = write_tiny_bundle(tmp_path / "bundle")
    (bundle / "model.onnx").write_bytes(b"half")
    with pytest.raises(CommandError, match=r"bundle is refused: model.onnx has 4 bytes") as refusal:
        verify_bundle(bundle)
    assert refusal.value.returncode == 1


def test_a_machine_that_cannot_tell_says_so_with_status_2(tmp_path: Path, settings: Settings) -> None:
    settings.VERIFY_MEMORY_BYTES = 64 * 1024**2
    with pytest.raises(CommandError, match="did not start within its limits") as refusal:
        verify_bundle(write_tiny_bundle(tmp_path / "bundle"))
    assert refusal.value.returncode == 2


def test_a_signature_is_checked_where_there_are_signers(tmp_path: Path, settings: Settings) -> None:
    ours = new_keys(tmp_path, "ours")
    bundle = write_tiny_bundle(tmp_path / "bundle")
    signature = signing.sign(read(bundle).digest, ours.read_bytes())

    with pytest.raises(CommandError, match="set BUNDLE_SIGNERS"):
        verify_bundle(bundle, "--signature", signature)
    settings.BUNDLE_SIGNERS = str(ours.with_suffix(".pub"))
    with pytest.raises(CommandError, match="is not signed"):
        verify_bundle(bundle)
    assert "passed" in verify_bundle(bundle, "--signature", signature)
    reseal(bundle, {"threshold": 0.4})
    with pytest.raises(CommandError, match="None of the 1 signers"):
        verify_bundle(bundle, "--signature", signature)
