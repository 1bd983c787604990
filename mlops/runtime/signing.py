"""Who vouches for a bundle: Ed25519 signatures over its digest, which covers every file."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlops.exceptions import KeyUnusable, NotSigned
from mlops.runtime.manifest import DIGEST

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX: Final = b"trey bundle 1\n"
"""Goes before the digest, so that nothing else that the key signs can be taken for a bundle's signature."""
LARGEST_KEYS: Final = 1024 * 1024

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_MAKE = "`openssl genpkey -algorithm ed25519 -out key.pem` makes one"
_PUBLISH = "`openssl pkey -in key.pem -pubout` writes the public half of a key"


def sign(digest: str, key_pem: bytes) -> str:
    """The signature of a bundle's digest ("sha256:…"), 88 characters of base64; the same key always gives the same.

    Raises KeyUnusable where the PEM holds anything but one Ed25519 private key without a password.
    """
    return base64.b64encode(_private_key(key_pem).sign(_message(digest))).decode()


def require_signed(digest: str, signature: str, signers_pem: bytes) -> None:
    """Raise NotSigned unless one of the public keys in `signers_pem` signed the digest.

    Raises KeyUnusable where `signers_pem` holds no keys, or others than Ed25519 public keys.
    """
    from cryptography.exceptions import InvalidSignature

    signers = list(_public_keys(signers_pem))
    if not signature:
        raise NotSigned(f"The bundle {digest} is not signed, and BUNDLE_SIGNERS asks for it: register it signed.")
    try:
        signed = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotSigned(f"The signature of the bundle {digest} is not one in base64: sign it again.") from error
    for signer in signers:
        try:
            signer.verify(signed, _message(digest))
        except InvalidSignature:
            continue
        return
    raise NotSigned(f"None of the {len(signers)} signers in BUNDLE_SIGNERS signed the bundle {digest}.")


def read_keys(path: Path) -> bytes:
    """The content of a file of keys. Raises KeyUnusable where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_KEYS)
    except OSError as error:
        raise KeyUnusable(f"The file of keys {path} cannot be read: {error.strerror or error}.") from error


def _message(digest: str) -> bytes:
    if not DIGEST.fullmatch(digest):
        raise NotSigned("What is to be signed is no digest of a bundle.")
    return PREFIX + digest.encode()


def _private_key(pem: bytes) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise KeyUnusable(f"The signing key has a password: give one without ({_MAKE}).") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        found = "a public key, which cannot sign" if _kinds(pem) == {b"PUBLIC KEY"} else "no private key in PEM"
        raise KeyUnusable(
            f"The file of the signing key holds {found}: give an Ed25519 private key ({_MAKE})."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"The signing key is not of the kind Ed25519: {_MAKE}.")
    return key


def _public_keys(pem: bytes) -> "Iterator[Ed25519PublicKey]":
    """Each key of a file of several, with anything between them. A private key there has been given away."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if any(b"PRIVATE KEY" in kind for kind in _kinds(pem)):
        raise KeyUnusable(
            "BUNDLE_SIGNERS holds a private key, which belongs to its signer alone: take it out, make a new pair, and "
            f"give the public half ({_PUBLISH})."
        )
    blocks = list(_BLOCK.finditer(pem))
    if not blocks:
        raise KeyUnusable(f"BUNDLE_SIGNERS holds no public key in PEM: {_PUBLISH}.")
    for number, block in enumerate(blocks, start=1):
        try:
            key = load_pem_public_key(block[0])
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyUnusable(f"Key {number} in BUNDLE_SIGNERS is no public key in PEM: {_PUBLISH}.") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnusable(f"Key {number} in BUNDLE_SIGNERS is not of the kind Ed25519: {_PUBLISH}.")
        yield key


def _kinds(pem: bytes) -> set[bytes]:
    return set(re.findall(rb"-----BEGIN ([A-Z0-9 ]+)-----", pem))
