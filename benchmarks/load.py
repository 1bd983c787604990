"""A closed-loop HTTP load: each client sends its next request when it has the answer to the last.

Raw sockets on one event loop: a client library would cost more time than the server under test.
"""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np


@dataclass(frozen=True, slots=True)
class Load:
    """What one load found: requests a second, and percentiles of a request's milliseconds."""

    clients: int
    requests: int
    failures: int
    per_second: float
    p50_ms: float
    p99_ms: float


def post(url: str, bodies: Sequence[object], *, token: str, clients: int, seconds: float) -> Load:
    """Send the JSON `bodies` in turn from `clients` keep-alive connections for `seconds`, from a process of its own.

    An answer other than 2xx counts as a failure. The first tenth of the time is warm-up and left out.
    """
    parts = urlsplit(url)
    requests = [_request(parts.hostname or "", parts.port or 80, parts.path, body, token) for body in bodies]
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        timings, failures, elapsed = pool.apply(
            _run, (parts.hostname, parts.port, requests, clients, seconds, seconds / 10)
        )
    milliseconds = np.array(timings) * 1000
    return Load(
        clients=clients,
        requests=len(timings),
        failures=failures,
        per_second=len(timings) / elapsed,
        p50_ms=float(np.percentile(milliseconds, 50)),
        p99_ms=float(np.percentile(milliseconds, 99)),
    )


def _request(host: str, port: int, path: str, body: object, token: str) -> bytes:
    payload = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Token {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload


def _run(
    host: str, port: int, requests: list[bytes], clients: int, seconds: float, warm_up: float
) -> tuple[list[float], int, float]:
    timings: list[float] = []
    failures = 0

    async def client(number: int, start: float) -> None:
        nonlocal failures
        reader, writer = await asyncio.open_connection(host, port)
        at = number
        while (began := time.perf_counter()) < start + warm_up + seconds:
            writer.write(requests[at % len(requests)])
            status = await _answer(reader)
            if began >= start + warm_up:
                timings.append(time.perf_counter() - began)
                failures += not 200 <= status < 300
            at += clients
        writer.close()

    async def everybody() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(client(number, start) for number in range(clients)))

    asyncio.run(everybody())
    return timings, failures, seconds


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
