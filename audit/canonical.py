"""One form for every value, the same before and after SQLite or PostgreSQL has kept it, and the digests of it.

PostgreSQL's jsonb keeps numbers as decimals (1e16 comes back as a whole number, -0.0 as 0) and sorts keys; SQLite may
keep a real number without a fraction as an integer. So a float without a fraction is written as a whole number here.
"""

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from audit.exceptions import NotCanonical

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

GENESIS = "0" * 64
# Python neither writes nor reads whole numbers of more digits than 4,300; no float has more than 309.
_LARGEST = 10**400
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_MICROSECOND = timedelta(microseconds=1)


def plain(value: object) -> Plain:
    """The value as JSON can say it, and as both databases give it back. Raises NotCanonical where there is no such."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _word(value)


def encode(value: object) -> bytes:
    """Its canonical JSON: keys sorted, no spaces, UTF-8."""
    return _JSON.encode(plain(value)).encode()


def digest_of(value: object) -> str:
    """SHA-256 of its canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def digest_of_plain(value: dict[str, Plain]) -> str:
    """`digest_of` what `plain` has given, without doing so again."""
    return hashlib.sha256(_JSON.encode(value).encode()).hexdigest()


def chained(previous: str, payload_digest: str) -> str:
    """SHA-256 of the two digests (128 hexadecimal digits) one after the other."""
    return hashlib.sha256(f"{previous}{payload_digest}".encode()).hexdigest()


def _text(text: str) -> str:
    if "\x00" in text:
        raise NotCanonical("A text holds a NUL character, which PostgreSQL cannot keep.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("A text holds half a character (a lone surrogate).") from error
    return text


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"A key must be a text, not {type(key).__name__}.")
    return _text(str.__str__(key))


def _number(number: int | float) -> int | float:
    if isinstance(number, float):
        if not math.isfinite(number):
            raise NotCanonical("A number must be finite.")
        # By way of its decimals: 2.0 ** 55 is kept as 36028797018963970, not as …968.
        return int(Decimal(repr(float(number)))) if number.is_integer() else float(number)
    if abs(number) >= _LARGEST:
        raise NotCanonical("A whole number has more than 400 digits.")
    return int(number)


def _word(value: object) -> str | int:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise NotCanonical("A time must have its time zone.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotCanonical("A number must be finite.")
        return f"{value:f}"
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    raise NotCanonical(f"A value of type {type(value).__name__} has no canonical form.")
