"""Whether components, reviews and roles, which are edited, say what ledgers, events and this release say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields import BooleanField

from audit.findings import Finding
from audit.ledgers import named_in
from audit.models import Event
from audit.seen import SeenNumbers
from components.models import Claim, Component, Decision, Description, Label, Review, Route
from components.permissions import ROLES

TABLE = "components.component"
REVIEWS = "components.review"
ROUTES_AT_ONCE = 500

_Outcome, _State = Decision.Outcome, Review.State
_GIVING_BACK = ("review_released", "review_decided", "review_escalated", "question_asked")
_CLAIMING = ("review_claimed", "decision_undone")


def differences() -> Iterator[Finding]:
    """Roles that hold other permissions than this release gives them, and components that differ from their ledgers.

    A component's description and label have to be those that its descriptions, labels and decisions lead to.
    """
    yield from _roles()
    for pk in _otherwise_described().values_list("pk", flat=True).iterator():
        yield Finding(
            "component_differs", f"Component {pk} is not described as its newest description.", None, TABLE, pk
        )
    for pk in _otherwise_labelled().values_list("pk", flat=True).iterator():
        yield Finding(
            "component_differs", f"Component {pk} does not have the label it was given last.", None, TABLE, pk
        )


def _otherwise_described() -> QuerySet[Component]:
    newest = Description.objects.filter(component=OuterRef("pk")).order_by("-number")
    return (
        Component.objects.annotate(
            newest_number=Subquery(newest.values("number")[:1]), newest_text=Subquery(newest.values("text")[:1])
        )
        .exclude(description_number=F("newest_number"), description=F("newest_text"), newest_number__isnull=False)
        .order_by("pk")
    )


def _otherwise_labelled() -> QuerySet[Component]:
    """The newest label counts, if it is of the newest description and its decision was not taken back."""
    newest = Label.objects.filter(component=OuterRef("pk")).order_by("-id")
    counting = newest.filter(description__number=OuterRef("description_number"))
    standing = Q(newest_of_text__isnull=False) & Q(taken_back=None)
    return (
        Component.objects.annotate(
            newest_of_text=Subquery(counting.values("pk")[:1]),
            taken_back=Subquery(counting.values("decision__undone_by")[:1]),
        )
        .filter(Q(label__isnull=False) & (~standing | ~Q(label=F("newest_of_text"))) | Q(label=None) & standing)
        .order_by("pk")
    )


def _roles() -> Iterator[Finding]:
    names = Group.objects.filter(name__in=ROLES).values_list(
        "name", "permissions__content_type__app_label", "permissions__codename"
    )
    held: dict[str, set[str]] = {role: set() for role in ROLES}
    for role, app, codename in names:
        held[role].add(f"{app}.{codename}")
    for role, codenames in ROLES.items():
        if wrong := sorted(held[role] ^ set(codenames)):
            sentence = f"The role {role} does not hold the permissions of this release: {', '.join(wrong)}."
            yield Finding("role_differs", sentence, None, "auth.group")


class Inventory:
    """A `Follower`: whether components are there, under the external ids with which they were entered."""

    def follow(self, events: Sequence[Event]) -> Iterator[Finding]:
        told = {
            int(event.subject_id): event.after.get("external_id")
            for event in events
            if event.action == "component_submitted" and event.subject_id.isdecimal() and isinstance(event.after, dict)
        }
        found = dict(Component.objects.filter(pk__in=told).values_list("pk", "external_id"))
        for pk, external_id in told.items():
            if pk not in found:
                yield Finding("component_differs", f"Component {pk} is missing.", None, TABLE, pk)
            elif found[pk] != external_id:
                sentence = f"Component {pk} does not have the external id that it was entered with."
                yield Finding("component_differs", sentence, None, TABLE, pk, "external_id")

    def end(self) -> Iterator[Finding]:
        entered = Description.objects.filter(component=OuterRef("pk"), number=1, written_by=OuterRef("entered_by"))
        for pk in Component.objects.filter(~Exists(entered)).order_by("pk").values_list("pk", flat=True).iterator():
            sentence = f"Component {pk} was not entered by the person whom it names."
            yield Finding("component_differs", sentence, None, TABLE, pk, "entered_by")


class Reviews:
    """A `Follower`: whether reviews are as routes, claims, decisions, answers and events left them.

    Memory: two bits for each review, and some bytes for each that somebody took in hand and that no event gives back.
    """

    def __init__(self) -> None:
        self._held: dict[int, int] = {}  # by review, the claim that was given last
        self._withdrawn = SeenNumbers()
        self._adopted_routes = SeenNumbers()

    def follow(self, events: Sequence[Event]) -> Iterator[Finding]:
        opened: dict[int, tuple[int, frozenset[int]]] = {}  # by route, the event and the components it is about
        for event in events:
            before = event.before if isinstance(event.before, dict) else {}
            after = event.after if isinstance(event.after, dict) else {}
            self._follow_leases(event, before, after)
            for review in _numbers(after.get("withdrawn")):
                self._withdrawn.add(review)
                self._held.pop(review, None)
            about = _components_of(event, after)
            for route in _rows(event, Route):
                if event.action == "rows_adopted":
                    self._adopted_routes.add(route)
                else:
                    opened[route] = (event.position, about)
        yield from _opened_elsewhere(opened)

    def end(self) -> Iterator[Finding]:
        for pk in _routes_of_none():
            yield _differs(pk, "is missing, and its routes are there")
        for review in _with_what_they_follow_from().iterator():
            for problem in self._problems(review):
                yield _differs(review["pk"], problem)

    def _follow_leases(self, event: Event, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        freed: list[object] = []
        if event.action in _GIVING_BACK:
            freed += [before.get("review"), after.get("review")]
        for several in (before.get("reviews"), after.get("given_up")):
            freed += _numbers(several)
        for review in _numbers(freed):
            self._held.pop(review, None)
        if event.action in _CLAIMING:
            for review, claim in zip(_numbers([after.get("review")]), _rows(event, Claim), strict=False):
                self._held[review] = claim

    def _problems(self, review: Mapping[str, Any]) -> list[str]:
        if review["first_route"] is None:
            return ["slipped in: nothing says why it was opened"]
        # Before there was a chain, no event told of what was withdrawn or claimed.
        older = review["first_route"] in self._adopted_routes
        state = self._state(review, older=older)
        waits = review["state"] == state and state in (_State.OPEN, _State.ASKED)
        wrong = {
            f"is {review['state']}, and what happened to it leaves it {state}": review["state"] != state,
            "waits for a decision on a text that is not its component's newest": waits
            and review["description"] != review["newest_description"],
            "has a time of closing and is not closed, or the other way about": review["closed"]
            != (state in (_State.DECIDED, _State.WITHDRAWN)),
            "is marked as escalated and was not, or the other way about": review["escalated"]
            != review["was_escalated"],
            "was blind and is not marked so": review["must_be_blind"] and not review["blind"],
            "is not of the component and the text that it was opened or decided for": review["decided_elsewhere"]
            or not review["of_one_component"],
            "is not of the prediction that labelled its text": review["of_another_prediction"]
            if review["prediction"]
            else review["must_have_prediction"],
            "is in the hand of somebody who did not take it, or who gave it back": review["leased"]
            and not self._is_held(review, older=older),
        }
        return [problem for problem, found in wrong.items() if found]

    def _is_held(self, review: Mapping[str, Any], *, older: bool) -> bool:
        if review["claim"] is None:
            return False
        claim: int = review["claim"]
        return self._held.get(review["pk"], claim if older else 0) == claim

    def _state(self, review: Mapping[str, Any], *, older: bool) -> str:
        if review["pk"] in self._withdrawn or (older and review["state"] == _State.WITHDRAWN):
            return _State.WITHDRAWN
        if review["outcome"] in (_Outcome.CONFIRM, _Outcome.OVERRIDE, _Outcome.LABEL):
            return _State.DECIDED
        if review["outcome"] == _Outcome.ASK and review["answered"] is None:
            return _State.ASKED
        return _State.OPEN


def _with_what_they_follow_from() -> QuerySet[Review, dict[str, Any]]:
    decisions = Decision.objects.filter(review=OuterRef("pk")).order_by("-pk")
    routes = Route.objects.filter(review=OuterRef("pk")).order_by("pk")
    newest = Description.objects.filter(component=OuterRef("component")).order_by("-number")
    labelled = Label.objects.filter(
        component=OuterRef("component"), description=OuterRef("description"), prediction=OuterRef("prediction")
    )
    by_model = Label.objects.filter(
        component=OuterRef("component"), description=OuterRef("description"), prediction__isnull=False
    )
    claim = Claim.objects.filter(review=OuterRef("pk"), lease=OuterRef("lease"), officer=OuterRef("holder"))
    same = {"component": OuterRef("component"), "description": OuterRef("description")}
    by_prediction = (Route.Reason.UNCERTAIN, Route.Reason.AUDIT, Route.Reason.SECOND)
    rows: QuerySet[Review, dict[str, Any]] = Review.objects.order_by("pk").values(
        *("pk", "state", "escalated", "blind", "description", "prediction"),
        first_route=Subquery(routes.values("pk")[:1]),
        outcome=Subquery(decisions.values("outcome")[:1]),
        answered=Subquery(decisions.values("answer")[:1]),
        newest_description=Subquery(newest.values("pk")[:1]),
        closed=_is(Q(closed_at__isnull=False)),
        leased=_is(Q(lease__isnull=False) | Q(holder__isnull=False)),
        claim=Subquery(claim.values("pk")[:1]),
        was_escalated=Exists(decisions.filter(outcome=_Outcome.ESCALATE, undone_by=None)),
        must_be_blind=_is(Exists(decisions.filter(blind=True)) | Exists(routes.filter(reason=Route.Reason.SECOND))),
        # No model labels a text any more that once waited for a person.
        must_have_prediction=_is(Exists(routes.filter(reason__in=by_prediction)) | Exists(by_model)),
        of_another_prediction=~Exists(labelled),
        decided_elsewhere=Exists(decisions.exclude(**same)),
        of_one_component=_is(Q(description__component=F("component"))),
    )
    return rows


def _is(condition: Any) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _routes_of_none() -> Iterable[int]:
    reviews = Review.objects.filter(pk=OuterRef("review"))
    return Route.objects.filter(~Exists(reviews)).order_by().values_list("review", flat=True).distinct()


def _opened_elsewhere(opened: Mapping[int, tuple[int, frozenset[int]]]) -> Iterator[Finding]:
    keys = list(opened)
    for start in range(0, len(keys), ROUTES_AT_ONCE):
        routes = Route.objects.filter(pk__in=keys[start : start + ROUTES_AT_ONCE]).order_by("pk")
        for pk, review, component in routes.values_list("pk", "review", "review__component"):
            position, about = opened[pk]
            if component is not None and component not in about:
                yield _differs(review, f"is of component {component}, and event {position} opened it for another")


def _components_of(event: Event, after: Mapping[str, Any]) -> frozenset[int]:
    if event.subject_type == TABLE and event.subject_id.isdecimal():
        return frozenset((int(event.subject_id),))
    return frozenset(_numbers(after.get("components")))


def _rows(event: Event, model: type[Route | Claim]) -> list[int]:
    return [key for label, key, _ in named_in(event.rows) if label == model._meta.label_lower]


def _numbers(value: object) -> list[int]:
    """What of it is a row's key: an event that was edited may hold anything."""
    return [one for one in value if type(one) is int and one >= 0] if isinstance(value, list) else []


def _differs(review: int, problem: str) -> Finding:
    return Finding("review_differs", f"Review {review} {problem}.", None, REVIEWS, review)
