"""What every request meets before any view."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParser

from trey_compliance.errors import API

MULTIPART = "multipart/form-data"
FORM_TYPES = (MULTIPART, "application/x-www-form-urlencoded")
REPLACED = "\ufffd"


def refuse_broken_forms(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to a form whose characters are not whole UTF-8; Django itself would replace what is broken.

    It has to come before the check for forged requests, which parses a form as it comes in and keeps none of its
    bytes. The API reads no forms.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.content_type in FORM_TYPES and not request.path_info.startswith(API) and not _is_utf8(request):
            raise BadRequest("The form is not encoded as UTF-8.")
        return get_response(request)

    return answer


def _is_utf8(request: HttpRequest) -> bool:
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return False
    try:
        body = request.body if request.content_type == MULTIPART else unquote_to_bytes(request.body)
        body.decode()
    except (UnicodeDecodeError, UnreadablePostError):
        return False
    # A part of a form may be encoded once more: what came out of it is asked for only where something may be replaced.
    replaced = any(REPLACED in text for _, texts in request.POST.lists() for text in texts)
    return not replaced or request.content_type != MULTIPART or _has_utf8_parts(request)


def _has_utf8_parts(request: HttpRequest) -> bool:
    """Whether each part is, after its own encoding; read as Latin-1, in which a character stands for each byte."""
    fields, _ = MultiPartParser(request.META, BytesIO(request.body), [], "latin-1").parse()
    try:
        for _, texts in fields.lists():
            for text in texts:
                text.encode("latin-1").decode()
    except UnicodeDecodeError:
        return False
    return True
