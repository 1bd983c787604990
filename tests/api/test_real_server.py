"""Behind the real server, bodies in chunks are read, bounded and refused as any other."""

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from knox.models import AuthToken

from components.models import User
from mlops.models import Prediction
from tests.api.conftest import TEXT
from tests.served import served

LIMIT = 200_000


@pytest.fixture
def server(transactional_db: None, champion: Any, settings: Any) -> Iterator[int]:
    """The port of the server of this test's champion."""
    with served({"MODEL_DIR": str(settings.MODEL_DIR), "REQUEST_BODY_LIMIT": str(LIMIT)}) as port:
        yield port


def test_bodies_in_chunks(server: int, technician: User) -> None:
    headers = {
        "Authorization": f"Token {AuthToken.objects.create(technician)[1]}",
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
    }

    def send(*chunks: bytes) -> tuple[int, dict[str, Any]]:
        client = http.client.HTTPConnection("127.0.0.1", server, timeout=60)
        client.request("POST", "/api/v1/labels/", iter(chunks), headers, encode_chunked=True)
        response = client.getresponse()
        return response.status, json.loads(response.read())

    whole = json.dumps({"texts": [TEXT]}).encode()
    status, answer = send(whole[:7], whole[7:])
    assert status == 200
    assert answer["labels"][0]["prediction_id"] == Prediction.objects.get().pk

    status, problem = send(*[b" " * 1000] * (LIMIT // 1000), whole)
    assert (status, problem["type"]) == (413, "/api/problems/too-large/")

    status, problem = send(whole[:-1])
    assert (status, problem["type"]) == (400, "/api/problems/malformed/")

    broken = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", server), timeout=60) as client:
        client.sendall(f"POST /api/v1/labels/ HTTP/1.1\r\nHost: localhost\r\n{broken}\r\nZZ\r\n".encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 400 ")

    assert Prediction.objects.count() == 1
