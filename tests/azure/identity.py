"""A STAND-IN for what gives out Azure's tokens: the endpoint of a managed identity, and login.microsoftonline.com.

The tokens have the claims that Azurite and our other stand-in look at, and no signature. The endpoint of the managed
identity is that of App Service and Container Apps (IDENTITY_ENDPOINT); that of virtual machines cannot be had at any
other address than its own, so it is not here.
"""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.azure.front import Answer, Request

HOST = "login.microsoftonline.com"
TENANT = "99999999-8888-7777-6666-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
SECRET = "what only the client knows"
HEADER = "what only this machine knows"


def token_for(audience: str, lifetime: int = 3600) -> str:
    """An unsigned token: `audience` is such as https://management.azure.com."""
    now = int(time.time())
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{TENANT}/",
        "tid": TENANT,
        "oid": "local",
        "iat": now - 60,
        "nbf": now - 60,
        "exp": now + lifetime,
    }
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "bm9uZQ"])


class Login:
    """login.microsoftonline.com: a token for who shows the secret, or an assertion that is in `assertions`."""

    def __init__(self) -> None:
        self.assertions: set[str] = set()

    def __call__(self, request: Request) -> Answer:
        if request.path.endswith("/token"):
            return self._token(parse_qs(request.body.decode()))
        authority = f"https://{HOST}/{TENANT}"
        return _json(
            200,
            {
                "tenant_discovery_endpoint": f"{authority}/v2.0/.well-known/openid-configuration",
                "metadata": [],
                "issuer": f"{authority}/v2.0",
                "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                "token_endpoint": f"{authority}/oauth2/v2.0/token",
            },
        )

    def _token(self, form: dict[str, list[str]]) -> Answer:
        proof = form.get("client_secret", [""])[0] == SECRET or form.get("client_assertion", [""])[0] in self.assertions
        if form["client_id"] != [CLIENT] or not proof:
            return _json(401, {"error": "invalid_client", "error_description": "AADSTS7000215: a wrong secret."})
        audience = form["scope"][0].split(" ")[0].removesuffix("/.default")
        return _json(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": token_for(audience)})


class ManagedIdentity(ThreadingHTTPServer):
    """The endpoint that only this machine reaches. `asked` keeps for whom tokens were asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _IdentityHandler)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/msi/token"

    @contextmanager
    def running(self) -> Iterator["ManagedIdentity"]:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()


class _IdentityHandler(BaseHTTPRequestHandler):
    server: ManagedIdentity
    wbufsize = -1

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        audience = query["resource"][0]
        self.server.asked.append(query.get("client_id", ["the machine's own"])[0])
        if self.headers["X-IDENTITY-HEADER"] != HEADER:
            answer = _json(401, {"error": "unauthorized"})
        else:
            answer = _json(
                200,
                {
                    "access_token": token_for(audience),
                    "expires_on": str(int(time.time()) + 3600),
                    "resource": audience,
                    "token_type": "Bearer",
                },
            )
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *said: object) -> None:
        """Nothing is printed."""


def _json(status: int, body: dict[str, object]) -> Answer:
    return Answer(status, json.dumps(body).encode())
