"""Bodies as honest clients of every platform write them are understood."""

import io
import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from mlops.models import Prediction
from tests.api.conftest import TEXT, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion")]

LABELS = "/api/v1/labels/"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"texts": ["Bremsscheibe für Ölpumpe"]}'.encode(), "application/json"),
        ('\ufeff{"texts": ["Bremsscheibe für Ölpumpe"]}'.encode(), "application/json"),
        (b'{"texts": ["Bremsscheibe f\\u00fcr \\u00d6lpumpe"]}', "application/json; charset=UTF-8"),
        ('  {"texts":\r\n["Bremsscheibe für Ölpumpe"]} \n'.encode(), "Application/JSON;charset=utf8"),
    ],
)
def test_the_text_arrives_as_it_was_meant(api: APIClient, body: bytes, content_type: str) -> None:
    assert send(api, LABELS, body, content_type).status_code == 200
    assert Prediction.objects.get().text == "Bremsscheibe für Ölpumpe"


@pytest.mark.parametrize(
    "text", ["\U0001f529", "\u202edlot fo leets", "<script>alert(1)</script>", "=cmd|' /C calc'!A0"]
)
def test_unusual_texts_are_texts(api: APIClient, text: str) -> None:
    assert api.post(LABELS, {"texts": [text]}, format="json").status_code == 200
    assert Prediction.objects.get().text == text


def test_a_body_in_chunks_is_read_whole(api: APIClient) -> None:
    stream = io.BytesIO(json.dumps({"texts": [TEXT]}).encode())
    environ: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": stream}

    assert send(api, LABELS, b"", **environ, CONTENT_LENGTH="").status_code == 200
    assert Prediction.objects.get().text == TEXT


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, application/*;q=0.5"])
def test_whoever_accepts_json_gets_it(api: APIClient, accept: str) -> None:
    response = api.get("/api/v1/status/", HTTP_ACCEPT=accept)

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
