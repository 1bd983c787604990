"""One TLS server for all the names of Azure: it keeps what is asked of it, spoils answers where it is told to, and
leaves the answering to the sites behind it."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `target` is path and query as they were sent; the names in `headers` are in small letters."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.target}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


Site = Callable[[Request], Answer]

PLANTED: Mapping[str, Answer] = {
    "odd": Answer(200, b'"odd"'),
    "html": Answer(200, b"<html>Sign in</html>", (("Content-Type", "text/html"),)),
}


@dataclass(slots=True)
class Fault:
    """What happens to requests that `pattern` is found in (of `str(request)`), `times` of them.

    `how` is a status to answer with; "lost": it is done but the answer never comes; "cut": half of the answer's body
    comes; "slow": no answer for `seconds`; "odd": a 200 whose body is the JSON text "odd"; "html": a 200 with a page;
    "echo": a 403 whose page quotes all that was asked, as that of a proxy may.
    """

    pattern: str
    how: int | str
    times: int = 1_000_000
    seconds: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()
    met: int = 0


@dataclass
class Front:
    """`sites` by the end of the name they answer for. Several tests may use it one after the other."""

    sites: Mapping[str, Site]
    context: ssl.SSLContext
    calls: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self) -> Iterator["Front"]:
        server = _Server(self)
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    @contextmanager
    def spoiling(self, *faults: Fault) -> Iterator[None]:
        """These faults, while the block runs."""
        self.faults = list(faults)
        try:
            yield
        finally:
            self.faults = []

    def forget(self) -> None:
        self.calls = []
        self.faults = []

    def fault_of(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.met < fault.times and re.search(fault.pattern, str(request)):
                fault.met += 1
                return fault
        return None

    def answer(self, request: Request) -> Answer:
        site = next(site for name, site in self.sites.items() if request.host.endswith(name))
        return site(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, front: Front) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.front = front

    def get_request(self) -> tuple[ssl.SSLSocket, object]:
        connection, address = super().get_request()
        # The handshake is done by the thread that serves the connection.
        return self.front.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *of: object) -> None:
        """A client that leaves is no error here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer, else 40 ms each
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        if super().parse_request():
            self._serve(self.server.front)
        return False  # served

    def _serve(self, front: Front) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        request = Request(self.command, headers["host"].partition(":")[0], self.path, headers, body)
        front.calls.append(request)
        fault = front.fault_of(request)
        if fault and fault.how == "slow":
            time.sleep(fault.seconds)
        answer = (fault and _planted(fault, request)) or front.answer(request)
        if not (fault and fault.how == "lost"):
            self._send(answer, of=0.5 if fault and fault.how == "cut" else 1.0)
        if fault and fault.how in ("lost", "cut"):
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer, *, of: float) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in answer.headers):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: int(len(answer.body) * of)])
        self.wfile.flush()

    def log_message(self, *said: object) -> None:
        """Calls are kept, not printed."""


def _planted(fault: Fault, request: Request) -> Answer | None:
    if fault.how == "echo":
        headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        page = f"Denied: {request}\n{headers}\n{request.body.decode(errors='replace')}"
        return Answer(403, page.encode(), (("Content-Type", "text/plain"),))
    if isinstance(fault.how, str):
        return PLANTED.get(fault.how)
    body = b'{"error": {"code": "Planted", "message": "a fault"}}'
    return Answer(fault.how, body, (("Content-Type", "application/json"), *fault.headers))
