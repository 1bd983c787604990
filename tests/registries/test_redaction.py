"""No secret is told with a failure, in whichever form it stands there; what is no secret is."""

import pytest

from mlops.registries.redaction import MOST_READ, without_secrets

SIGNATURE = "aB3/x9+Qd0Zk1LmN7pRsTuVwXyZ2c4E6g8I0jKlMnO4="
KEY = "Zm9v" * 21 + "Qm=="
TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQifQ.c2lnbmF0dXJl"
PASSWORD = "hunter2~.Q"


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"GET https://a.blob.core.windows.net/c/b?sv=2026&sig={SIGNATURE}&sp=r failed", SIGNATURE),
        ("GET /c/b?sv=2026&sig=aB3%2Fx9%2BQd0Zk1%3D&sp=r failed", "aB3%2Fx9%2BQd0Zk1"),
        ("redirect to https://proxy.example/?to=https%3A%2F%2Fa%2Fb%3Fsig%3DaB3%252Fx9%26sp%3Dr", "aB3%252Fx9"),
        ("twice encoded: %253Fsv%253D1%2526sig%253DaB3x9Qd0%2526sp%253Dr", "aB3x9Qd0"),
        (f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={KEY};EndpointSuffix=x", KEY),
        (f"BlobEndpoint=https://a/;SharedAccessSignature=sv=1&sig={SIGNATURE}", SIGNATURE),
        (f"client_id=a&client_secret={PASSWORD}&grant_type=client_credentials", PASSWORD),
        (f"grant_type=x&client_assertion={TOKEN}", TOKEN),
        (f'Content: {{"access_token": "{PASSWORD}", "expires_in": 3599}}', PASSWORD),
        (f"{{'sasToken':'sv=1&sig={PASSWORD}'}}", PASSWORD),
        (f'"{{\\"primaryKey\\": \\"{PASSWORD}\\"}}"', PASSWORD),
        (f'{{"key": "{PASSWORD}', PASSWORD),
        (f"{{'Authorization': 'SharedKey account:{SIGNATURE}'}}", SIGNATURE),
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        (f"Authorization: SharedKey account:{SIGNATURE}", SIGNATURE),
        ("authorization: Basic YWRhOmh1bnRlcjJ+LlE=", "YWRhOmh1bnRlcjJ+LlE="),
        (f"The token {TOKEN} has expired.", TOKEN),
        (f"The MAC signature found in the HTTP request '{SIGNATURE}' is not the same", SIGNATURE),
        (f"<Key>{KEY}</Key>", KEY),
        (f"https://ada:{PASSWORD}@mlflow.example/api", PASSWORD),
        (f"https://ada:pa/{PASSWORD}@mlflow.example/api", PASSWORD),
        (f"https://ada:p@{PASSWORD}@mlflow.example/api", PASSWORD),
        (f"ClientSecretCredential(client_secret='{PASSWORD}')", PASSWORD),
        (f'connect(password="{PASSWORD}")', PASSWORD),
        (f"client_secret: {PASSWORD}", PASSWORD),
        (f"the password: {PASSWORD}", PASSWORD),
        (f"pwd = {PASSWORD}", PASSWORD),
        (f'{{"key1": "{PASSWORD}"}}', PASSWORD),
        (f'{{"password": "ab\\"{PASSWORD}"}}', PASSWORD),
        (f'"{{\\"password\\": \\"ab\\\\\\"{PASSWORD}\\"}}"', PASSWORD),
        (f'{{"tokens": [\n "{PASSWORD}"]}}', PASSWORD),
        (f"{{'token': {PASSWORD}}}", PASSWORD),
        (f"{{b'authorization': b'{PASSWORD}'}}", PASSWORD),
        (f"('Authorization', 'Bearer {PASSWORD}')", PASSWORD),
        (f"Authorization: Basic {PASSWORD}", PASSWORD),
        (f"Ocp-Apim-Subscription-Key: {PASSWORD}", PASSWORD),
        (f"X-IDENTITY-HEADER: {PASSWORD}", PASSWORD),
        (f"Cookie: a=b; session={PASSWORD}", PASSWORD),
        (f"&#39;client_secret&#39;: &#39;{PASSWORD}&#39;", PASSWORD),
        (f"&quot;password&quot;: &quot;it&#39;s {PASSWORD}&quot;", PASSWORD),
        (f"accountkey%3A%22{PASSWORD}", PASSWORD),
        (f"AccountKey=ab&{PASSWORD}", PASSWORD),
        (f'secret=ab"{PASSWORD}', PASSWORD),
        (f"password='ab'{PASSWORD}'", PASSWORD),
        (f'{{"password": "ab\\\n{PASSWORD}"}}', PASSWORD),
        (f"<Key>{SIGNATURE[:-1]}</Key>", SIGNATURE[:-1]),
        (f"the signature {SIGNATURE[:-1].replace('/', '_').replace('+', '-')} is wrong", "aB3_x9-Qd0Zk1"),
    ],
)  # fmt: skip
def test_a_secret_is_not_told(said: str, secret: str) -> None:
    assert secret in said
    assert secret not in without_secrets(said)


@pytest.mark.parametrize(
    "said",
    [
        "(InvalidAuthenticationToken) The access token expiry UTC time '1/1/2026 1:00:00 AM' is earlier than now.",
        "AADSTS7000215: Invalid client secret provided. Trace ID: 0123-45, see https://aka.ms/key",
        "AuthenticationFailed: Signature did not match. Time:2026-11-21T14:00:00Z",
        f"models/m/{'0123456789abcdef' * 4}/model.onnx holds something else, sha256:{'0' * 64}",
        "KeyError: 'properties'",
        "NoSuchKey: models/m/1 at line 3: see the registry",
        "models/m/registrations/2020-01-Ab.json in resourceGroups/Trey1/workspaces/w",
        "mlflow-artifacts:/7/0f4ec604a3964c89601349b1fcdf8ff6/artifacts/bundle",
        "a name at https://management.azure.com/subscriptions/0/resourceGroups/g?api-version=2024-10-01",
        "Basic authentication is off; ask for a bearer token.",
    ],
)
def test_what_is_no_secret_stays_as_it_is(said: str) -> None:
    assert without_secrets(said) == said


@pytest.mark.parametrize(
    "piece", ["key", "a" * 64, "//", "eyJ", "sig%3", '"token" :', "Bearer ", "'key\\", "Aa0+", "&#39;"]
)
def test_of_a_message_without_end_the_beginning_is_read(piece: str) -> None:
    assert len(without_secrets(piece * 1_000_000)) <= MOST_READ
