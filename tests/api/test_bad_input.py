"""Whatever a body holds, the answer is a clear refusal, and nothing is stored."""

import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from components.models import Component
from mlops.models import Prediction
from tests.api.conftest import TEXT, Untouchable, problem_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion")]

LABELS, COMPONENTS = "/api/v1/labels/", "/api/v1/components/"

NOT_READABLE = {
    "nothing": b"",
    "white space": b" \n",
    "no JSON": b"texts=steel",
    "cut off": b'{"texts": ["steel"',
    "more after the end": b'{"texts": ["steel"]} {}',
    "a list": b'["steel"]',
    "null": b"null",
    "a string": b'"steel"',
    "Latin-1": '{"texts": ["Stoßdämpfer"]}'.encode("latin-1"),
    "UTF-16": '{"texts": ["steel"]}'.encode("utf-16"),
    "a surrogate as bytes": b'{"texts": ["\xed\xa0\x80"]}',
    "not a number": b'{"texts": NaN}',
    "infinity": b'{"texts": [-Infinity]}',
    "a name twice": b'{"texts": ["steel"], "texts": ["iron"]}',
    "a name twice further in": b'{"texts": [{"a": 1, "a": 2}]}',
    "names that are no strings": b'{1: ["steel"]}',
    "lists without end": b'{"texts": ' + b"[" * 200_000,
    "objects without end": b'{"texts":' * 100_000,
    "a number of 5,000 digits": b'{"texts": ' + b"9" * 5_000 + b"}",
    "a bare control character": b'{"texts": ["a\x00b"]}',
}

NOT_VALID: dict[str, tuple[bytes, str, str]] = {
    "nothing in it": (b"{}", "#/texts", "required"),
    "another name": (b'{"text": ["steel"]}', "#", "unknown-field"),
    "a name that is half a character": (b'{"texts": ["steel"], "\\ud800": 1}', "#", "unknown-field"),
    "a text alone": (b'{"texts": "steel"}', "#/texts", "not-a-list"),
    "an object": (b'{"texts": {"0": "steel"}}', "#/texts", "not-a-list"),
    "a number too large for a float": (b'{"texts": 1e999}', "#/texts", "not-a-list"),
    "null for the list": (b'{"texts": null}', "#/texts", "not-a-list"),
    "no text": (b'{"texts": []}', "#/texts", "count"),
    "257 texts": (json.dumps({"texts": ["steel"] * 257}).encode(), "#/texts", "count"),
    "a list in the list": (b'{"texts": ["steel", ["iron"]]}', "#/texts/1", "not-a-text"),
    "an object in the list": (b'{"texts": [{"text": "iron"}]}', "#/texts/0", "not-a-text"),
    "a number": (b'{"texts": [1995]}', "#/texts/0", "not-a-text"),
    "a large number": (b'{"texts": [123456789012345678901234567890]}', "#/texts/0", "not-a-text"),
    "true": (b'{"texts": [true]}', "#/texts/0", "not-a-text"),
    "null": (b'{"texts": [null]}', "#/texts/0", "not-a-text"),
    "an empty text": (b'{"texts": [""]}', "#/texts/0", "blank"),
    "white space": (b'{"texts": [" \\t\\n\\u00a0\\u3000"]}', "#/texts/0", "blank"),
    "characters that print nothing": (b'{"texts": ["\\u200b\\ufeff"]}', "#/texts/0", "blank"),
    "NUL": (b'{"texts": ["steel\\u0000"]}', "#/texts/0", "null_characters_not_allowed"),
    "a lone surrogate": (b'{"texts": ["steel \\ud800"]}', "#/texts/0", "surrogate"),
    "surrogates the wrong way round": (b'{"texts": ["steel \\udc00\\ud800"]}', "#/texts/0", "surrogate"),
    "a megabyte": (json.dumps({"texts": ["x" * 1_000_000]}).encode(), "#/texts/0", "max_length"),
    "a character too many": (json.dumps({"texts": ["ß" * 10_001]}).encode(), "#/texts/0", "max_length"),
}

NO_COMPONENT: dict[str, tuple[bytes, set[tuple[str, str]]]] = {
    "nothing in it": (b"{}", {("#/description", "required")}),
    "null": (b'{"description": null}', {("#/description", "not-a-text")}),
    "a number": (b'{"description": 5}', {("#/description", "not-a-text")}),
    "a list": (b'{"description": ["steel"]}', {("#/description", "not-a-text")}),
    "white space": (b'{"description": "  "}', {("#/description", "blank")}),
    "NUL": (b'{"description": "a\\u0000"}', {("#/description", "null_characters_not_allowed")}),
    "a lone surrogate": (b'{"description": "a\\udfff"}', {("#/description", "surrogate")}),
    "a megabyte": (json.dumps({"description": "x" * 1_000_000}).encode(), {("#/description", "max_length")}),
    "null for an external id": (b'{"description": "a", "external_id": null}', {("#/external_id", "not-a-text")}),
    "NUL in the external id": (
        b'{"description": "a", "external_id": "\\u0000"}',
        {("#/external_id", "unseen")},
    ),
    "a surrogate in the external id": (
        b'{"description": "a", "external_id": "\\ud800"}',
        {("#/external_id", "unseen")},
    ),
    "two things at once": (
        json.dumps({"description": "", "external_id": "x" * 101}).encode(),
        {("#/description", "blank"), ("#/external_id", "max_length")},
    ),
    "a name of ours": (b'{"description": "a", "id": 1}', {("#", "unknown-field")}),
}


@pytest.fixture(autouse=True)
def _nothing_stored(db: None) -> Any:
    yield
    assert not Component.objects.exists()
    assert not Prediction.objects.exists()


@pytest.mark.parametrize("path", [LABELS, COMPONENTS])
@pytest.mark.parametrize("body", NOT_READABLE.values(), ids=NOT_READABLE)
def test_a_body_that_is_not_one_json_object_is_refused(api: APIClient, path: str, body: bytes) -> None:
    problem_of(send(api, path, body), 400, "malformed")


@pytest.mark.parametrize(("body", "pointer", "code"), NOT_VALID.values(), ids=NOT_VALID)
def test_texts_that_cannot_be_labelled_are_refused_by_name(
    api: APIClient, body: bytes, pointer: str, code: str
) -> None:
    problem = problem_of(send(api, LABELS, body), 400, "invalid")

    assert (pointer, code) in {(error["pointer"], error["code"]) for error in problem["errors"]}


@pytest.mark.parametrize(("body", "faults"), NO_COMPONENT.values(), ids=NO_COMPONENT)
def test_a_component_that_cannot_be_stored_is_refused_by_field(
    api: APIClient, body: bytes, faults: set[tuple[str, str]]
) -> None:
    problem = problem_of(send(api, COMPONENTS, body), 400, "invalid")

    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == faults


@pytest.mark.parametrize("path", [LABELS, COMPONENTS])
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonlines",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; charset=no-such-charset",
        "nonsense",
    ],
)
def test_another_content_type_is_unsupported(api: APIClient, path: str, content_type: str) -> None:
    response = send(api, path, {"texts": [TEXT]}, content_type)

    problem_of(response, 415, "unsupported-media-type")
    assert response["Accept"] == "application/json"


def test_a_compressed_body_is_unsupported(api: APIClient) -> None:
    body = gzip.compress(json.dumps({"texts": [TEXT]}).encode())

    response = send(api, LABELS, body, HTTP_CONTENT_ENCODING="gzip")

    problem_of(response, 415, "unsupported-media-type")


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(api: APIClient, settings: Any) -> None:
    environ = {"CONTENT_LENGTH": str(settings.REQUEST_BODY_LIMIT + 1), "wsgi.input": Untouchable()}

    problem_of(send(api, LABELS, b"", **environ), 413, "too-large")


def test_a_body_without_a_length_is_read_up_to_the_limit(api: APIClient, settings: Any) -> None:
    settings.REQUEST_BODY_LIMIT = 100
    stream = io.BytesIO(b"x" * 1000)
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": stream}

    problem_of(send(api, LABELS, b"", **environ, CONTENT_LENGTH=""), 413, "too-large")
    assert stream.tell() == 101


def test_chunks_that_the_server_does_not_decode_are_refused(api: APIClient) -> None:
    response = send(api, LABELS, {"texts": [TEXT]}, HTTP_TRANSFER_ENCODING="chunked")

    problem_of(response, 411, "length-required")


def test_a_body_that_ends_early_is_refused(api: APIClient) -> None:
    body = json.dumps({"texts": [TEXT]}).encode()

    response = send(api, LABELS, b"", **{"CONTENT_LENGTH": str(len(body) + 1), "wsgi.input": io.BytesIO(body)})

    problem_of(response, 400, "malformed")


class Broken(io.BytesIO):
    def read(self, *args: object) -> bytes:
        raise ConnectionResetError


@pytest.mark.parametrize("chunked", [{}, {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}])
def test_a_client_that_leaves_while_sending_is_no_error_of_ours(api: APIClient, chunked: dict[str, Any]) -> None:
    response = send(api, LABELS, b"", **{"CONTENT_LENGTH": "20", "wsgi.input": Broken(), **chunked})

    problem_of(response, 400, "malformed")


@pytest.mark.parametrize("length", ["-5", "", "0"])
def test_a_length_that_is_none_is_no_error_of_ours(api: APIClient, length: str) -> None:
    problem_of(send(api, LABELS, {"texts": [TEXT]}, CONTENT_LENGTH=length), 400, "malformed")


@pytest.mark.parametrize("path", [LABELS, COMPONENTS])
def test_a_long_unknown_name_is_not_repeated(api: APIClient, path: str) -> None:
    response = send(api, path, {"x" * 100_000: 1})

    problem_of(response, 400, "invalid")
    assert len(response.content) < 1_000


def test_nobody_without_a_token_makes_the_server_read_a_body(api_client: Callable[[], APIClient]) -> None:
    environ = {"CONTENT_LENGTH": "1000", "wsgi.input": Untouchable()}

    problem_of(send(api_client(), LABELS, b"", **environ), 401, "not-authenticated")
