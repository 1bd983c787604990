"""Requests in charsets that Python knows but that are none of text."""

from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def text_charsets_only(application: "WSGIApplication") -> "WSGIApplication":
    """`application`, given requests without a charset such as "hex", for which Django would answer 500 outright."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> object:
        content_type, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if "charset" in parameters and not _is_of_text(parameters["charset"]):
            environ["CONTENT_TYPE"] = f"{content_type}; charset=unknown"
        return application(environ, start_response)

    return answer  # type: ignore[return-value]  # the body of an answer passes through untouched


def _is_of_text(charset: str) -> bool:
    try:
        "".encode(charset)
    except (LookupError, ValueError):
        return False
    return True
