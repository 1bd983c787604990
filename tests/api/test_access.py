"""Only those who may do a thing can do it, and a token stops working when it should."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from components.api.urls import urlpatterns
from components.api.views import addresses
from components.models import User
from components.permissions import ROLES, VIEW_REVIEWS
from tests.api.conftest import TEXT, Untouchable, problem_of

pytestmark = pytest.mark.django_db

COMPONENTS, LABELS, STATUS, SCHEMA = "/api/v1/components/", "/api/v1/labels/", "/api/v1/status/", "/api/v1/schema/"
ONE = "/api/v1/components/1/"
CLAIM = {"lease": "0e4c6c0a-6d2b-4c59-9d8b-8f6a4a0c2f11"}
DECISION = {**CLAIM, "outcome": "confirm", "number": 1, "seconds": 1}
OPERATIONS: dict[tuple[str, str], str] = {
    ("get", COMPONENTS): "components.view_component",
    ("post", COMPONENTS): "components.add_component",
    ("get", ONE): "components.view_component",
    ("patch", ONE): "components.change_component",
    ("get", f"{ONE}history/"): "components.view_component",
    ("post", f"{ONE}question/"): "components.change_component",
    ("post", LABELS): "mlops.add_prediction",
    ("get", "/api/v1/predictions/1/explanation/"): "components.view_component",
    ("get", "/api/v1/reviews/"): "components.view_review",
    ("post", "/api/v1/reviews/next/"): "components.decide_review",
    ("get", "/api/v1/reviews/1/"): "components.view_review",
    ("post", "/api/v1/reviews/1/claim/"): "components.decide_review",
    ("post", "/api/v1/reviews/1/keep/"): "components.decide_review",
    ("post", "/api/v1/reviews/1/release/"): "components.decide_review",
    ("post", "/api/v1/reviews/1/decision/"): "components.decide_review",
    ("post", "/api/v1/decisions/1/undo/"): "components.decide_review",
    ("post", "/api/v1/decisions/1/answer/"): "components.change_component",
    ("post", "/api/v1/decisions/1/replay/"): "components.replay_decision",
    ("get", "/api/v1/reason-codes/"): "components.view_review",
    ("get", "/api/v1/stop-switch/"): "components.view_component",
    ("post", "/api/v1/stop-switch/"): "components.add_stopswitch",
    ("get", STATUS): "",
    ("get", SCHEMA): "",
}
BODY: dict[tuple[str, str], dict[str, Any]] = {
    ("post", COMPONENTS): {"description": TEXT},
    ("post", LABELS): {"texts": [TEXT]},
    ("patch", ONE): {"description": TEXT, "number": 1},
    ("post", f"{ONE}question/"): {"note": "Is it steel?"},
    ("post", "/api/v1/reviews/1/keep/"): CLAIM,
    ("post", "/api/v1/reviews/1/release/"): CLAIM,
    ("post", "/api/v1/reviews/1/decision/"): DECISION,
    ("post", "/api/v1/decisions/1/answer/"): {"text": "It is."},
    ("post", "/api/v1/stop-switch/"): {"stopped": True, "reason": "A drill."},
}
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


def call(client: Any, method: str, path: str) -> Any:
    body = BODY.get((method, path))
    return getattr(client, method)(path, *([body] if body else []), **({"format": "json"} if body else {}))


def someone(*codenames: str) -> User:
    user = User.objects.create_user("someone")
    for codename in codenames:
        app_label, _, name = codename.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=name))
    return user


def secured() -> list[str]:
    """The address of every view of the API but the explanations of problems and the answer to unknown addresses."""
    open_to_all = (addresses.problem, addresses.not_found)
    return [
        "/api/" + str(pattern.pattern).replace("<key:id>", "1")
        for pattern in urlpatterns
        if isinstance(pattern, URLPattern) and pattern.callback not in open_to_all
    ]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", secured())
def test_nobody_gets_in_without_a_token(api_client: Callable[..., APIClient], path: str, method: str) -> None:
    response = call(api_client(), method, path)

    if path.endswith("/docs/"):
        assert (response.status_code, response["Location"]) == (302, f"/login/?next={path}")
    else:
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Token"
        assert response["Content-Type"] == "application/problem+json"


def test_the_matrix_knows_every_address() -> None:
    assert {path for _, path in OPERATIONS} | {"/api/v1/docs/"} == set(secured())


def met(method: str, path: str, *, serving: bool) -> int:
    """The status of an operation that one may use, where there is nothing yet."""
    if "/1/" in path:
        # Of a prediction that nobody knows it cannot be said that it is one's own.
        return 403 if "explanation" in path else 404
    if path == LABELS and not serving:
        return 503
    return {"/api/v1/reviews/next/": 204, COMPONENTS: 201 if method == "post" else 200}.get(path, 200)


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_use_what_it_holds_the_permission_for(
    api_client: Callable[..., APIClient], role: str, method: str, path: str
) -> None:
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get(name=role))
    needed = OPERATIONS[method, path]
    may = not needed or needed in ROLES[role]

    response = call(api_client(user), method, path)

    if may and "explanation" in path:
        assert response.status_code == (404 if VIEW_REVIEWS in ROLES[role] else 403)
    else:
        assert response.status_code == (met(method, path, serving=True) if may else 403)


@pytest.mark.parametrize(("method", "path"), [operation for operation, needed in OPERATIONS.items() if needed])
def test_whoever_lacks_the_permission_is_refused(api_client: Callable[..., APIClient], method: str, path: str) -> None:
    others = {needed for needed in OPERATIONS.values() if needed} - {OPERATIONS[method, path]}

    response = call(api_client(someone(*others)), method, path)

    assert "admin" in problem_of(response, 403, "forbidden")["detail"]


@pytest.mark.usefixtures("no_champion")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_the_one_permission_is_enough(api_client: Callable[..., APIClient], method: str, path: str) -> None:
    needed = OPERATIONS[method, path]

    response = call(api_client(someone(*filter(None, [needed]))), method, path)

    assert response.status_code == met(method, path, serving=False)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Token",
        "Token ",
        "Token one two",
        "Token unknown",
        "Token trey_" + "0" * 64,
        "Token \xff\xfe",
        "Token a\x00b",
        "Token " + "x" * 8000,
        "Bearer trey_" + "0" * 64,
        "Basic dGVjaG5pY2lhbjpjb3JyZWN0IGhvcnNlIGJhdHRlcnk=",
    ],
)
def test_what_is_no_token_of_ours_opens_nothing(api_client: Callable[..., APIClient], header: str) -> None:
    response = api_client().get(STATUS, HTTP_AUTHORIZATION=header)

    problem_of(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_a_revoked_token_opens_nothing_from_then_on(api: APIClient, technician: User) -> None:
    assert api.get(STATUS).status_code == 200

    AuthToken.objects.get(user=technician).delete()

    problem_of(api.get(STATUS), 401, "not-authenticated")


def test_an_expired_token_opens_nothing_from_then_on(technician: User, api_client: Callable[..., APIClient]) -> None:
    client = api_client()
    token = AuthToken.objects.create(technician, expiry=timedelta(seconds=2))[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get(STATUS).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(seconds=2.1)):
        problem_of(client.get(STATUS), 401, "not-authenticated")


def test_a_deactivated_account_opens_nothing(api: APIClient, technician: User) -> None:
    assert api.get(STATUS).status_code == 200

    technician.is_active = False
    technician.save()

    problem_of(api.get(STATUS), 401, "not-authenticated")


@pytest.mark.parametrize("change", ["leave", "empty", "delete"])
def test_a_role_that_is_taken_away_counts_at_once(api: APIClient, technician: User, change: str) -> None:
    assert api.get(COMPONENTS).status_code == 200
    group = Group.objects.get(name="technician")

    {
        "leave": lambda: technician.groups.remove(group),
        "empty": lambda: group.permissions.clear(),
        "delete": group.delete,
    }[change]()

    problem_of(api.get(COMPONENTS), 403, "forbidden")


def test_a_token_revoked_in_another_process_works_for_seconds_only(
    api: APIClient, technician: User, settings: Any
) -> None:
    assert api.get(STATUS).status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM knox_authtoken")

    with time_machine.travel(timezone.now() + timedelta(seconds=settings.TOKEN_MEMORY_SECONDS + 0.1)):
        problem_of(api.get(STATUS), 401, "not-authenticated")


def test_without_a_memory_every_request_looks_its_token_up(api: APIClient, settings: Any) -> None:
    settings.TOKEN_MEMORY_SECONDS = 0
    assert api.get(STATUS).status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM knox_authtoken")

    problem_of(api.get(STATUS), 401, "not-authenticated")


def test_what_a_request_does_to_its_user_does_not_outlive_it(technician: User) -> None:
    from components.api.authentication import TokenAuthentication

    token = AuthToken.objects.create(technician)[1].encode()
    first, _ = TokenAuthentication().authenticate_credentials(token)
    first.username = "changed"

    second, _ = TokenAuthentication().authenticate_credentials(token)

    assert second.username == "technician"


def test_each_token_acts_for_its_own_owner(
    technician: User, officer: User, api_client: Callable[..., APIClient]
) -> None:
    clients = [api_client(user) for user in (technician, officer)]

    for _ in range(2):
        entered = [client.post(COMPONENTS, {"description": TEXT}, format="json").json() for client in clients]
        assert [component["entered_by"] for component in entered] == ["technician", "officer"]


def test_nothing_of_a_token_but_its_beginning_is_stored(technician: User) -> None:
    stored, token = AuthToken.objects.create(technician)

    assert token.startswith("trey_")
    assert token[15:] not in f"{stored.digest} {stored.token_key}"
    assert len(token) - 15 >= 32


def test_a_session_reads_without_and_writes_with_a_csrf_token(technician: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")

    def submit(**headers: str) -> Any:
        return browser.post(COMPONENTS, {"description": TEXT}, content_type="application/json", headers=headers)

    assert browser.get(COMPONENTS).status_code == 200
    assert "CSRF" in problem_of(submit(), 403, "forbidden")["detail"]
    assert browser.get("/api/v1/docs/?script").status_code == 200
    assert submit(**{"X-CSRFToken": browser.cookies["csrftoken"].value}).status_code == 201


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_a_session_without_a_csrf_token_makes_the_server_read_no_body(technician: User, content_type: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    browser.get("/api/v1/docs/?script")
    environ: dict[str, Any] = {"CONTENT_LENGTH": "1000", "wsgi.input": Untouchable()}

    response = browser.generic("POST", COMPONENTS, b"", content_type, **environ)

    assert "csrftoken" in browser.cookies
    problem_of(response, 403, "forbidden")
