"""A signature holds for one digest and for the keys that are trusted, and a wrong file of keys says what is wrong."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mlops.exceptions import KeyUnusable, NotSigned
from mlops.runtime.signing import PREFIX, read_keys, require_signed, sign
from tests.services import ROOT

DIGEST = "sha256:" + "a1" * 32
OTHER = "sha256:" + "a2" * 32
Private = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def private(key: Private, encryption: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def public(key: Private) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


KEY = ed25519.Ed25519PrivateKey.generate()
RETIRED = ed25519.Ed25519PrivateKey.generate()
STRANGER = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_what_a_trusted_key_signed_is_taken() -> None:
    require_signed(DIGEST, sign(DIGEST, private(KEY)), public(KEY))


def test_a_signature_is_that_of_the_prefix_and_the_digest_in_base64() -> None:
    signature = base64.b64decode(sign(DIGEST, private(KEY)), validate=True)

    KEY.public_key().verify(signature, b"trey bundle 1\n" + DIGEST.encode())
    assert PREFIX == b"trey bundle 1\n"


@pytest.mark.parametrize("signer", [KEY, RETIRED], ids=["new", "old"])
def test_while_keys_are_changed_a_file_of_several_takes_what_either_signed(signer: ed25519.Ed25519PrivateKey) -> None:
    signers = b"# since 2026\n" + public(KEY) + b"\nuntil 2027-01:\r\n" + public(RETIRED)

    require_signed(DIGEST, sign(DIGEST, private(signer)), signers)


def test_a_key_that_is_not_trusted_is_refused() -> None:
    with pytest.raises(NotSigned, match="None of the 2 signers"):
        require_signed(DIGEST, sign(DIGEST, private(STRANGER)), public(KEY) + public(RETIRED))


def test_the_signature_of_another_bundle_is_refused() -> None:
    with pytest.raises(NotSigned):
        require_signed(OTHER, sign(DIGEST, private(KEY)), public(KEY))


def test_a_signature_of_the_bare_digest_is_none_of_a_bundle() -> None:
    bare = base64.b64encode(KEY.sign(DIGEST.encode())).decode()

    with pytest.raises(NotSigned):
        require_signed(DIGEST, bare, public(KEY))


def test_a_bundle_without_a_signature_is_refused() -> None:
    with pytest.raises(NotSigned, match="is not signed"):
        require_signed(DIGEST, "", public(KEY))


GOOD = sign(DIGEST, private(KEY))


@pytest.mark.parametrize(
    "signature",
    ["garbage", "grün", "====", GOOD[:-4], GOOD[:-1], GOOD + "AAAA", GOOD.lower(), "A" * 88, "A" * 1_000_000, " \0"],
    ids=["word", "letters", "padding", "short", "cut", "long", "case", "zeros", "megabyte", "nul"],
)
def test_garbage_for_a_signature_is_refused(signature: str) -> None:
    with pytest.raises(NotSigned, match=r"[.]$"):
        require_signed(DIGEST, signature, public(KEY))


def test_a_private_key_among_the_signers_is_told_before_any_bundle_is_looked_at() -> None:
    with pytest.raises(KeyUnusable, match=r"belongs to its signer alone.*openssl"):
        require_signed(DIGEST, GOOD, public(KEY) + private(RETIRED))


@pytest.mark.parametrize(
    ("signers", "sentence"),
    [
        (b"", "no public key in PEM"),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 somebody", "no public key in PEM"),
        (b"-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----\n", "Key 1 .* no public key in PEM"),
        (public(KEY) + public(RSA), "Key 2 .* not of the kind Ed25519"),
        (public(KEY).replace(b"\n-----END", b"AAAA\n-----END"), "Key 1 .* no public key in PEM"),
    ],
    ids=["empty", "ssh", "broken", "rsa", "too-long"],
)
def test_signers_that_are_none_blame_the_file_and_not_the_bundle(signers: bytes, sentence: str) -> None:
    with pytest.raises(KeyUnusable, match=sentence) as refusal:
        require_signed(DIGEST, GOOD, signers)

    assert not isinstance(refusal.value, NotSigned)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (public(KEY), "a public key, which cannot sign"),
        (b"", "no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key in PEM"),
        (private(RSA), "not of the kind Ed25519"),
        (private(KEY, BestAvailableEncryption(b"secret")), "has a password"),
    ],
    ids=["public", "empty", "broken", "rsa", "password"],
)
def test_a_key_that_cannot_sign_says_why(key: bytes, sentence: str) -> None:
    with pytest.raises(KeyUnusable, match=f"{sentence}.*[.]$"):
        sign(DIGEST, key)


def test_a_refusal_does_not_repeat_the_key() -> None:
    with pytest.raises(KeyUnusable) as refusal:
        sign(DIGEST, private(RSA))

    assert private(RSA).decode().splitlines()[1] not in str(refusal.value)


def test_keys_made_by_openssl_work(tmp_path: Path) -> None:
    key, signers = tmp_path / "key.pem", tmp_path / "signers.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", signers], check=True, capture_output=True)

    require_signed(DIGEST, sign(DIGEST, read_keys(key)), read_keys(signers))


def test_a_file_of_keys_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=r"none\.pem cannot be read"):
        read_keys(tmp_path / "none.pem")


def test_only_who_signs_or_checks_loads_the_library() -> None:
    program = "import sys, mlops.runtime.signing; print('cryptography' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"
