"""Who may do what at which address: the one table that the matrix is checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.permissions import (
    EDIT_COMPONENTS,
    EXPORT_AUDIT,
    LABEL_TEXTS,
    REPLAY,
    REVIEW,
    STOP,
    SUBMIT_COMPONENTS,
    VIEW_AUDIT,
    VIEW_COMPONENTS,
    VIEW_REVIEWS,
)

PUBLIC, LOGIN, STAFF, NEVER = "public", "login", "staff", "never"


@dataclass(frozen=True)
class Expected:
    """What each method of an address needs; a method that is not named is nobody's.

    `about`: whose object the address is of, see `world`. `another`: what is needed besides where it is another's.
    `programs`: open to the accounts of API clients. `back`: the page to which a refusal leads back.
    """

    needs: Mapping[str, str]
    about: str = ""
    another: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    programs: bool = False
    back: str = ""


def get(permission: str, about: str = "", *, another: str = "", programs: bool = False) -> Expected:
    return Expected({"get": permission}, about, {"get": another}, programs=programs)


def post(permission: str, about: str = "", *, another: str = "", **body: object) -> Expected:
    return Expected({"post": permission}, about, {"post": another}, body)


def form(permission: str, of: str = "", *, another: str = "", programs: bool = False, **body: object) -> Expected:
    return Expected({"get": permission, "post": permission}, of, {"get": another, "post": another}, body, programs)


EDIT = {"description": "another bracket, of steel", "number": 1}
DECISION = {"outcome": "confirm", "number": 1, "seconds": 1.5, "lease": "{lease}"}
PASSWORDS = {"old_password": "correct horse battery", "new_password1": "x", "new_password2": "x"}

PAGES = {
    "component-list": get(VIEW_COMPONENTS),
    "home": get(VIEW_COMPONENTS, programs=True),
    "component-submit": form(SUBMIT_COMPONENTS, description="a bracket"),
    "component-detail": get(VIEW_COMPONENTS, "component"),
    "component-edit": form(EDIT_COMPONENTS, "component", another=VIEW_REVIEWS, **EDIT),
    "component-ask": form(EDIT_COMPONENTS, "component", another=VIEW_REVIEWS, note="Is it steel?"),
    "question-answer": form(EDIT_COMPONENTS, "question", another=NEVER, text="It is."),
    "stop-switch": form(STOP, stopped="true", reason="A drill.", sure="on"),
    "decision-replay": post(REPLAY, "decision"),
    "review-queue": get(VIEW_REVIEWS),
    "review-next": post(REVIEW),
    "review": get(VIEW_REVIEWS, "review"),
    "review-words": get(VIEW_REVIEWS, "review"),
    "review-similar": get(VIEW_REVIEWS, "review"),
    "review-decide": post(REVIEW, "review", another=NEVER, **DECISION),
    "review-keep": post(REVIEW, "review", another=NEVER, lease="{lease}"),
    "review-release": post(REVIEW, "review", another=NEVER, lease="{lease}"),
    "decision-undo": Expected({"post": REVIEW}, "decision", {"post": NEVER}, back="/reviews/"),
    "audit-search": get(VIEW_AUDIT),
    "audit-event": get(VIEW_AUDIT, "event"),
    "audit-pack": form(EXPORT_AUDIT, "component", about="component", component="{key}"),
    "tokens": form(VIEW_COMPONENTS, programs=True, expires="30"),
    "token-revoke": Expected({"post": VIEW_COMPONENTS}, "token", {"post": NEVER}, programs=True),
    # Whoever has logged in is led home, by whatever method.
    "login": Expected(dict.fromkeys(("get", "post", "put"), PUBLIC) | {"patch": LOGIN, "delete": LOGIN}, programs=True),
    "logout": Expected({"post": PUBLIC}, programs=True),
    "password-change": Expected(dict.fromkeys(("get", "post", "put"), LOGIN), body=PASSWORDS, programs=True),
    "password-changed": get(LOGIN, programs=True),
    "live": get(PUBLIC, programs=True),
    "ready": get(PUBLIC, programs=True),
    "metrics": get(STAFF, programs=True),
}

API = {
    "api:components": Expected({"get": VIEW_COMPONENTS, "post": SUBMIT_COMPONENTS}, body={"description": "a bracket"}),
    "api:component": Expected(
        {"get": VIEW_COMPONENTS, "patch": EDIT_COMPONENTS}, "component", {"patch": VIEW_REVIEWS}, EDIT
    ),
    "api:component-history": get(VIEW_COMPONENTS, "component"),
    "api:component-question": post(EDIT_COMPONENTS, "component", another=VIEW_REVIEWS, note="Is it steel?"),
    "api:labels": post(LABEL_TEXTS, texts=["a bracket"]),
    "api:explanation": get(VIEW_COMPONENTS, "prediction", another=VIEW_REVIEWS),
    "api:reviews": get(VIEW_REVIEWS),
    "api:review-next": post(REVIEW),
    "api:review": get(VIEW_REVIEWS, "review"),
    "api:review-claim": post(REVIEW, "review", another=NEVER),
    "api:review-keep": post(REVIEW, "review", another=NEVER, lease="{lease}"),
    "api:review-release": post(REVIEW, "review", another=NEVER, lease="{lease}"),
    "api:review-decision": post(REVIEW, "review", another=NEVER, **DECISION),
    "api:decision-undo": post(REVIEW, "decision", another=NEVER),
    "api:decision-answer": post(EDIT_COMPONENTS, "question", another=NEVER, text="It is."),
    "api:decision-replay": post(REPLAY, "decision"),
    "api:reason-codes": get(VIEW_REVIEWS),
    "api:stop-switch": Expected({"get": VIEW_COMPONENTS, "post": STOP}, body={"stopped": True, "reason": "A drill."}),
    "api:status": get(LOGIN),
    "api:schema": get(LOGIN),
    "api:docs": get(LOGIN),
    "api:problem": get(PUBLIC),
    "/api/": Expected({}),
}

ADMIN_MODELS = {
    "audit.event": "view",
    "auth.group": "view",
    "axes.accessattempt": "view",
    "axes.accessfailurelog": "view",
    "axes.accesslog": "view",
    "components.answer": "view",
    "components.claim": "view",
    "components.component": "view",
    "components.decision": "view",
    "components.description": "view",
    "components.label": "view",
    "components.reasoncode": "view add",
    "components.regulation": "view add change",
    "components.review": "view",
    "components.reviewpolicy": "view add",
    "components.route": "view",
    "components.stopswitch": "view",
    "components.user": "view add change",
    "knox.authtoken": "view delete",
    "mlops.dataset": "view",
    "mlops.denial": "view add delete",
    "mlops.deployment": "view",
    "mlops.evaluation": "view",
    "mlops.evaluationset": "view",
    "mlops.explanation": "view",
    "mlops.feedback": "view",
    "mlops.modelversion": "view",
    "mlops.prediction": "view",
    "mlops.ranking": "view",
    "mlops.registrysync": "view",
    "mlops.transition": "view",
    "mlops.verification": "view",
}
"""What may be done to each table in the administration at all; whoever does it holds the permission of that name."""

ADMIN_ACTIONS = {
    ("components.reasoncode", "offer_again"): "components.change_reasoncode",
    ("components.reasoncode", "retire"): "components.change_reasoncode",
    ("knox.authtoken", "delete_selected"): "knox.delete_authtoken",
    ("mlops.denial", "delete_selected"): "mlops.delete_denial",
}

ADMIN = {
    "admin:index": form(STAFF),
    "admin:login": form(PUBLIC),
    "admin:logout": post(PUBLIC),
    "admin:password_change": form(STAFF, **PASSWORDS),
    "admin:password_change_done": get(STAFF),
    "admin:jsi18n": get(STAFF),
    "admin:app_list": get("components.view_user"),
    "admin:auth_user_password_change": form("components.change_user", password1="x", password2="x"),
    "admin:mlops_modelversion_sync": form("mlops.sync_registry"),
    "admin:mlops_modelversion_fetch": form("mlops.fetch_modelversion"),
    "admin:mlops_modelversion_verify": form("mlops.verify_modelversion"),
    "admin:mlops_modelversion_evaluate": form("mlops.evaluate_modelversion"),
    "admin:mlops_modelversion_reject": form("mlops.reject_modelversion", reason="It leaks."),
    "admin:mlops_modelversion_archive": form("mlops.archive_modelversion", reason="It is old."),
    # Neither has anything to offer here.
    "admin:autocomplete": Expected({}),
    "admin:view_on_site": Expected({}),
    "/admin/<url>": Expected({}),
}
