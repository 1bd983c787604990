"""What can go wrong at the API, told as problem documents (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import JsonResponse
from django.urls import reverse
from structlog.contextvars import get_contextvars

from components import exceptions as domain
from components.refusals import status_of
from mlops import exceptions as model

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem. Clients tell kinds apart by `type`, the address made of the slug: it never changes meaning."""

    slug: str
    status: int
    title: str
    advice: str

    @property
    def type(self) -> str:
        return reverse("api:problem", args=[self.slug])


MALFORMED = Kind(
    "malformed", 400, "The body cannot be read", "Send one whole JSON object in UTF-8, with no name in it twice."
)
INVALID = Kind(
    "invalid",
    400,
    "The request is not valid",
    "Correct what `errors` names: a `pointer` leads into the body (RFC 6901), a `parameter` stands in the address.",
)
NOT_AUTHENTICATED = Kind(
    "not-authenticated", 401, "Nobody is logged in", "Send a valid token in the header `Authorization: Token …`."
)
FORBIDDEN = Kind("forbidden", 403, "Not allowed", "Ask an admin for a role that may do this.")
NOT_YOURS = Kind("not-yours", status_of(domain.NotYours), "Not yours", "It is another person's: only they may do this.")
OWN_COMPONENT = Kind(
    "own-component",
    status_of(domain.OwnComponent),
    "Your own component",
    "You entered it or wrote its text: another officer decides on it.",
)
UNDER_BLIND_REVIEW = Kind(
    "under-blind-review",
    status_of(domain.UnderBlindReview),
    "Hidden until decided",
    "The component waits for a blind decision: ask again after it.",
)
NOT_FOUND = Kind(
    "not-found", status_of(domain.UnknownRecord), "Not found", "Check the address, its closing slash included."
)
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed", 405, "Method not allowed", "Use one of the methods that the header `Allow` lists."
)
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "Not acceptable", "Answers are JSON: accept `application/json`.")
DUPLICATE_EXTERNAL_ID = Kind(
    "duplicate-external-id",
    status_of(domain.DuplicateExternalId),
    "The external id is taken",
    "Another component has it: search for that one, or send another external id, or none.",
)
REFUSED = Kind(
    "refused", status_of(domain.DomainError), "Not possible now", "What is there does not allow it: `detail` says why."
)
ALREADY_DECIDED = Kind(
    "already-decided",
    status_of(domain.AlreadyDecided),
    "Already decided",
    "The review is open no more: claim the next one.",
)
LEASE_LOST = Kind(
    "lease-lost",
    status_of(domain.LeaseLost),
    "The claim is lost",
    "Your lease has run out or was given up: claim the review again.",
)
TEXT_CHANGED = Kind(
    "text-changed",
    status_of(domain.TextChanged),
    "The description was changed",
    "Read the component again, and send the `number` you then see.",
)
ALREADY_ANSWERED = Kind(
    "already-answered",
    status_of(domain.AlreadyAnswered),
    "Already answered",
    "The question has its answer: nothing is left to do.",
)
UNDO_TOO_LATE = Kind(
    "undo-too-late",
    status_of(domain.UndoTooLate),
    "Too late to undo",
    "A decision can be undone within a minute, and only while nothing has followed it.",
)
NOT_ARCHIVED = Kind(
    "not-archived",
    status_of(model.NotArchived),
    "The bundle is not in this installation",
    "The model version that answered then cannot be asked here: an admin must bring its bundle back.",
)
LENGTH_REQUIRED = Kind(
    "length-required", 411, "Length required", "Send the header `Content-Length`: this server reads no chunked bodies."
)
TOO_LARGE = Kind("too-large", 413, "The body is too large", "Send fewer or shorter texts at a time.")
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "Send JSON in UTF-8, uncompressed, with `Content-Type: application/json`.",
)
SAME_LABEL = Kind(
    "same-label",
    status_of(domain.SameLabel),
    "The label stands already",
    "Confirm it, or override it with the other label.",
)
MISSING_REASON = Kind(
    "missing-reason",
    status_of(domain.MissingReason),
    "A reason is missing",
    "An override needs a `reason_code`, of those at /api/v1/reason-codes/; escalating and asking need a `note`.",
)
REASON_CODE_RETIRED = Kind(
    "reason-code-retired",
    status_of(domain.ReasonCodeRetired),
    "The reason code is retired",
    "Choose one that is on offer: see /api/v1/reason-codes/.",
)
TOO_MANY_REQUESTS = Kind(
    "too-many-requests", 429, "Too many requests", "Wait the seconds in `Retry-After`; send more texts in one request."
)
INTERNAL_ERROR = Kind(
    "internal-error", 500, "Internal error", "Report it with its `request_id`. Nothing was stored half."
)
NOT_SERVING = Kind(
    "not-serving",
    status_of(model.NotServing),
    "No model is serving",
    "Nothing was labelled or recorded: send the request again after the seconds in `Retry-After`.",
)
MODEL_FAILED = Kind(
    "model-failed",
    status_of(model.ModelError),
    "The model failed",
    "Nothing was labelled or recorded: report it with its `request_id`.",
)
LABELLING_STOPPED = Kind(
    "labelling-stopped",
    status_of(domain.LabellingStopped),
    "Automatic labelling is stopped",
    "An admin has stopped it: submit components, on which people then decide, or wait until it is resumed.",
)
NO_REGULATION = Kind(
    "no-regulation",
    status_of(domain.NoRegulationInForce),
    "No regulation is in force",
    "Nothing can be judged until an admin enters a regulation.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The database is unavailable",
    "Nothing was stored: send the request again after the seconds in `Retry-After`.",
)

KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        *(MALFORMED, INVALID, NOT_AUTHENTICATED, FORBIDDEN, NOT_YOURS, OWN_COMPONENT, UNDER_BLIND_REVIEW),
        *(NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, REFUSED),
        *(DUPLICATE_EXTERNAL_ID, ALREADY_DECIDED, LEASE_LOST, TEXT_CHANGED, ALREADY_ANSWERED, UNDO_TOO_LATE),
        *(NOT_ARCHIVED, LENGTH_REQUIRED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE),
        *(SAME_LABEL, MISSING_REASON, REASON_CODE_RETIRED, TOO_MANY_REQUESTS),
        *(INTERNAL_ERROR, NOT_SERVING, MODEL_FAILED, LABELLING_STOPPED, NO_REGULATION, UNAVAILABLE),
    )
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request. `place` names it: {"pointer": "#/texts/3"} or {"parameter": "label"}."""

    detail: str
    code: str
    place: Mapping[str, str]

    @classmethod
    def at(cls, pointer: str, detail: str, code: str) -> "Fault":
        """A fault in the body, at a JSON pointer in its fragment form."""
        return cls(detail, code, {"pointer": pointer})

    @classmethod
    def of_parameter(cls, name: str, detail: str, code: str) -> "Fault":
        return cls(detail, code, {"parameter": name})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as a client is told of it."""

    kind: Kind
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> JsonResponse:
        """The answer that says so; `request_id` is the one in the log."""
        document = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request_id": get_contextvars().get("request_id", ""),
        }
        if self.faults:
            document["errors"] = [{**fault.place, "code": fault.code, "detail": fault.detail} for fault in self.faults]
        return JsonResponse(document, status=self.kind.status, content_type=CONTENT_TYPE, headers=dict(self.headers))


class Refusal(Exception):
    """The API refuses a request and has already said why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def refuse(kind: Kind, detail: str, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> Refusal:
    """A refusal to raise."""
    return Refusal(Problem(kind, detail, faults, headers or {}))


def invalid(faults: Sequence[Fault]) -> Refusal:
    """The refusal of a request whose faults are known; its detail tells the first of them."""
    more = f" ({len(faults)} errors in all.)" if len(faults) > 1 else ""
    return refuse(INVALID, f"{faults[0].detail}{more}", faults)
