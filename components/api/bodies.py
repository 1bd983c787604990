"""Request bodies: bounded, and JSON in the strict sense of RFC 8259."""

import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.parsers import BaseParser

from components.api.problems import LENGTH_REQUIRED, MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, Refusal, refuse

MEDIA_TYPE = "application/json"
CUT_OFF = "The body broke off before it was whole."


class Unread(BaseParser):
    """Leaves the body alone, whatever its type: views read it by `json_object`, which bounds it.

    Without this, the CSRF check of a session would have the framework parse the whole body before anything is checked.
    """

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return {}


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises a Refusal that says what is wrong with the body: 400, 411, 413, 415."""
    _refuse_other_types(request)
    return _parsed(_read(request))


def object_or_nothing(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body; an empty one where there is no body, of whatever type. Else as `json_object`."""
    if not request.META.get("CONTENT_LENGTH") and "Transfer-Encoding" not in request.headers:
        return {}
    return {} if request.META["CONTENT_LENGTH"] == "0" else json_object(request)


def _refuse_other_types(request: HttpRequest) -> None:
    encoding = request.headers.get("Content-Encoding", "identity")
    charset = (request.content_params or {}).get("charset", "utf-8")
    if request.content_type == MEDIA_TYPE and charset.lower() in ("utf-8", "utf8") and encoding.lower() == "identity":
        return
    raise refuse(
        UNSUPPORTED_MEDIA_TYPE,
        f"Send the body as JSON in UTF-8, uncompressed, with `Content-Type: {MEDIA_TYPE}`.",
        headers={"Accept": MEDIA_TYPE, "Accept-Encoding": "identity"},
    )


def _read(request: HttpRequest) -> bytes:
    if "Transfer-Encoding" in request.headers:
        return _read_chunks(request)
    declared = request.META.get("CONTENT_LENGTH") or ""
    length = int(declared) if declared.isdecimal() else 0
    if length > settings.REQUEST_BODY_LIMIT:
        raise _too_large()
    try:
        body = request.read(length)
    except OSError as error:
        raise refuse(MALFORMED, CUT_OFF) from error
    if len(body) < length:
        raise refuse(MALFORMED, CUT_OFF)
    return body


def _read_chunks(request: HttpRequest) -> bytes:
    # Django takes a body without a length for an empty one, so it is read from the server, which knows its end.
    if not request.META.get("wsgi.input_terminated"):
        raise refuse(LENGTH_REQUIRED, "Send the body with the header Content-Length: chunks are not read here.")
    try:
        body: bytes = request.META["wsgi.input"].read(settings.REQUEST_BODY_LIMIT + 1)
    except Exception as error:
        # What servers raise for chunks that break the rules of HTTP has no common root.
        raise refuse(MALFORMED, CUT_OFF) from error
    if len(body) > settings.REQUEST_BODY_LIMIT:
        raise _too_large()
    return body


def _too_large() -> Refusal:
    limit = settings.REQUEST_BODY_LIMIT
    return refuse(TOO_LARGE, f"The body may have {limit:,} bytes: send fewer or shorter texts at a time.")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        # A byte order mark is no part of JSON, but some platforms write one and readers may ignore it.
        text = body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise refuse(MALFORMED, f"The body is not UTF-8: see byte {error.start}.") from error
    except json.JSONDecodeError as error:
        raise refuse(MALFORMED, f"The body is not JSON: {error}.") from error
    except RecursionError as error:
        raise refuse(MALFORMED, "The body is nested too deeply.") from error
    except ValueError as error:
        # Python refuses whole numbers of thousands of digits, which take quadratic time to read.
        raise refuse(MALFORMED, "The body holds a number of too many digits.") from error
    if not isinstance(value, dict):
        raise refuse(MALFORMED, "The body must be a JSON object: {…}.")
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise refuse(MALFORMED, "The body holds a name twice in one object.")
    return members


def _refuse_constant(name: str) -> Any:
    raise refuse(MALFORMED, f"The body is not JSON: it holds {name}.")
