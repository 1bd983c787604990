"""Keep secrets out of what is told of a failure: sentences are stored, shown on pages and written to logs."""

import re
from typing import Final

MOST_READ: Final = 20_000
"""Characters of a message that are looked at; what follows is left out."""

_NAME: Final = r"(?:sig|signature|key|secret|token|assertion|password|pwd|credential|authorization)"
_NAMED: Final = rf"{_NAME}[\w-]{{0,16}}"
"""A name of one, as far as its end: key1, secret_value."""
_ENDS: Final = r"(?=[\s,;:.)\]}>&]|$)"
"""What follows a quote that ends something; any other may be part of what it stands in."""
_BARE: Final = rf"(?:[^\s'\"<>]|['\"](?!{_ENDS}))+"
_QUOTED: Final = (
    r"b?(?:"
    rf'"(?:[^"\\]|\\[\s\S]|"(?!{_ENDS}))*"?'
    rf"|'(?:[^'\\]|\\[\s\S]|'(?!{_ENDS}))*'?"
    r'|\\"(?:\\{3}"|\\{2}|\\[^"\\]|[^"\\])*'  # JSON within a text of JSON
    r")"
)
_ENTITY: Final = r"(?:&quot;|&apos;|&#0*3[49];|&#x2[27];|%22|%27)"
"""A quote as HTML or an address has it."""

_SECRETS: Final = (
    # sig=…, AccountKey=…, client_secret='…', in an address, a form, a connection string or a call, percent-encoded or
    # not.
    (re.compile(rf"(?i)({_NAMED}\s{{0,4}}(?:=|%3D|%253D)\s{{0,4}})(?:{_QUOTED}|{_BARE})"), r"\1…"),
    # "sasToken": "…", in JSON or a dictionary, and ('authorization', '…').
    (
        re.compile(rf"(?i)({_NAMED}\\?[\"']\s{{0,4}}[:,]\s{{0,4}}(?:[\[({{]\s{{0,4}})?)(?:{_QUOTED}|[^\s,;)\]}}]+)"),
        r"\1…",
    ),
    # The same within HTML or an address.
    (
        re.compile(rf"(?i)({_NAMED}{_ENTITY}\s{{0,4}}(?:[:=,]|%3A)\s{{0,4}}({_ENTITY}))(?:(?!\2)[\s\S])*"),
        r"\1…",
    ),
    (re.compile(rf"(?i)({_NAMED}(?:%3A|%253A))\S+"), r"\1…"),
    # What a header holds, up to the end of its line.
    (re.compile(r"(?i)(\b(?:[\w-]{0,32}authorization|(?:set-)?cookie|x-identity-header)\s{0,4}:)[^\r\n]+"), r"\1 …"),
    (re.compile(r"(?i)\b(bearer|basic|sharedkey|sharedkeylite|sharedaccesssignature)\s+[\w.~+/=:%-]{16,}"), r"\1 …"),
    # client_secret: …, Subscription-Key: …; KeyError: and NoSuchKey: are no such names.
    (
        re.compile(
            rf"(?i)((?<![a-z])(?:api|access|account|shared|primary|secondary|client|sas)?{_NAME}(?:[\d_-][\w-]{{0,16}})?"
            rf"\s{{0,4}}:\s{{0,4}})(?:{_QUOTED}|{_BARE})"
        ),
        r"\1…",
    ),
    # A token by its look, and a name with a password in an address, whatever the password is made of.
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}"), "…"),
    (re.compile(r"//(?:[^\s\"'<>@]{0,512}+@)+"), "//…@"),
    # The Base64 of 32 bytes and more, as account keys and signatures are; a hexadecimal digest has no = at its end.
    (re.compile(r"(?i)(?<![a-z0-9+/])(?:[a-z0-9+/]|%2B|%2F){42,512}(?:={1,2}|%3D|%253D)"), "…"),
    # That of 32 or 64 bytes without its =. A path is as long at times, and has no +.
    (
        re.compile(
            r"(?a)(?<![\w+/-])(?=[\w+/-]{0,86}?[A-Z])(?=[\w+/-]{0,86}?[a-z])(?=[\w+/-]{0,86}?\d)"
            r"(?:[\w-]{43}|[\w-]{86}|(?=[\w/-]{0,86}\+)(?:[\w+/-]{43}|[\w+/-]{86}))(?![\w+/=-])"
        ),
        "…",
    ),
)


def without_secrets(said: str) -> str:
    """The text with … in place of keys, passwords, tokens and signatures; it may lose more than those, never less."""
    said = said[:MOST_READ]
    for secret, stands_for_it in _SECRETS:
        said = secret.sub(stands_for_it, said)
    return said
