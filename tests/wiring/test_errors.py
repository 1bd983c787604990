"""Where no view answers, the API's clients get a problem document and people a page."""

import io
import json

import pytest
from django.test import Client

from trey_compliance.wsgi import application

pytestmark = pytest.mark.django_db


def ask(content_type: str) -> str:
    """The status that the WSGI application itself answers to a small POST."""
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/labels/",
        "QUERY_STRING": "search=x",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(b"{}"),
        "wsgi.url_scheme": "http",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "2",
    }
    for _ in application(environ, lambda status, headers: statuses.append(status)):  # type: ignore[arg-type,return-value]
        pass
    return statuses[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "no such", "utf-8", "utf-7", "\x00", ""])
def test_no_charset_breaks_the_server(charset: str) -> None:
    assert ask(f"application/json; charset={charset}").startswith("401")


def test_a_host_that_is_not_ours_is_refused_in_the_form_of_the_asker() -> None:
    client = Client(headers={"host": "elsewhere.example"})

    api, page = client.get("/api/v1/status/"), client.get("/login/")

    assert (api.status_code, json.loads(api.content)["type"]) == (400, "/api/problems/malformed/")
    assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "content_type"), [("/api/v1/status/", "application/problem+json"), ("/", "text/html")]
)
def test_what_nobody_foresaw_is_told_without_details(
    monkeypatch: pytest.MonkeyPatch, path: str, content_type: str
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a detail that nobody should read")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", fail)

    answer = Client(raise_request_exception=False).get(path)

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith(content_type)
    assert b"a detail" not in answer.content
