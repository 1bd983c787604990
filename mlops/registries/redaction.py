"""Keep secrets out of what is told of a failure: sentences are stored, shown on pages and written to logs."""

import re
from typing import Final

MOST_READ: Final = 20_000
"""Characters of a message that are looked at; what follows is left out."""

_NAME = r"sig|signature|key|secret|token|assertion|password|pwd|credential|authorization"
_IS = r"=|%3D|%253D"
_SECRETS: Final = (
    # sig=…, AccountKey=…, client_secret=…, in an address, a form or a connection string, percent-encoded or not.
    (re.compile(rf"(?i)({_NAME})({_IS})(?:(?!%26|%2526)[^&\s'\"<>])+"), r"\1\2…"),
    # "sasToken": "…", in JSON or a dictionary.
    (re.compile(rf"(?i)((?:{_NAME})\\?[\"']\s*:\s*)(?:\"[^\"]*\"?|'[^']*'?|\\\"[^\"]*)"), r"\1…"),
    # What a header holds.
    (re.compile(r"(?i)\b(bearer|basic|sharedkey|sharedkeylite|sharedaccesssignature)\s+[\w.~+/=:%-]{16,}"), r"\1 …"),
    # A token by its look, and a name with a password in an address.
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}"), "…"),
    (re.compile(r"//[^/@\s]{1,512}@"), "//…@"),
    # The Base64 of 32 bytes and more, as account keys and signatures are; a hexadecimal digest has no = at its end.
    (re.compile(r"(?i)(?<![a-z0-9+/])(?:[a-z0-9+/]|%2B|%2F){42,512}(?:={1,2}|%3D)"), "…"),
)


def without_secrets(said: str) -> str:
    """The text with … in place of keys, passwords, tokens and signatures; it may lose more than those, never less."""
    said = said[:MOST_READ]
    for secret, stands_for_it in _SECRETS:
        said = secret.sub(stands_for_it, said)
    return said
