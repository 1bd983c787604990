"""A proxy that leads the names of Azure to this machine, and lets nothing else through.

A client that is told of it by HTTPS_PROXY asks it with CONNECT for `management.azure.com:443`, gets our own server
instead, and does TLS with that. Who asks for any other name is refused, and the name kept in `refused`.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 64 * 1024


class Proxy:
    """Leads every name that ends in one of `names` to the port `port` of this machine."""

    def __init__(self, names: tuple[str, ...], port: int) -> None:
        self.refused: list[str] = []
        self._names = names
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            first = self._head(client).partition(b"\r\n")[0]
            asked = first.decode("latin-1").split(" ")
            name, _, port = asked[1].rpartition(":") if len(asked) > 1 else ("", "", "")
            if asked[0] != "CONNECT" or port != "443" or not name.endswith(self._names):
                self.refused.append(" ".join(asked[:2]))
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else 40 ms a request
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(server, client), daemon=True)
                back.start()
                _pump(client, server)
                back.join()

    def _head(self, client: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < PIECE and (piece := client.recv(PIECE)):
            head += piece
        return head


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
