"""Who may do what: one set of codenames for pages, API and admin, given to people by their group."""

from collections.abc import Mapping

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, OuterRef, Value

from components.models import Component, Review, User
from components.querysets import ComponentQuerySet

VIEW_COMPONENTS = "components.view_component"
SUBMIT_COMPONENTS = "components.add_component"
EDIT_COMPONENTS = "components.change_component"
LABEL_TEXTS = "mlops.add_prediction"
VIEW_REVIEWS = "components.view_review"
REVIEW = "components.decide_review"
REPLAY = "components.replay_decision"
VIEW_AUDIT = "audit.view_event"
EXPORT_AUDIT = "components.export_audit"
STOP = "components.add_stopswitch"
SET_POLICY = "components.add_reviewpolicy"
KEEP_CODES = "components.change_reasoncode"

_SUBMITTING = (VIEW_COMPONENTS, SUBMIT_COMPONENTS, LABEL_TEXTS)
_ADMINISTRATION = (
    "components.view_user",
    "components.add_user",
    "components.change_user",
    "components.view_regulation",
    "components.add_regulation",
    "components.change_regulation",
    "components.view_description",
    "components.view_label",
    "components.view_route",
    "components.view_claim",
    "components.view_decision",
    "components.view_answer",
    "components.view_reviewpolicy",
    "components.view_stopswitch",
    "components.view_reasoncode",
    "components.add_reasoncode",
    "mlops.view_modelversion",
    "mlops.sync_registry",
    "mlops.fetch_modelversion",
    "mlops.verify_modelversion",
    "mlops.evaluate_modelversion",
    "mlops.reject_modelversion",
    "mlops.archive_modelversion",
    "mlops.view_transition",
    "mlops.view_verification",
    "mlops.view_evaluationset",
    "mlops.view_evaluation",
    "mlops.view_ranking",
    "mlops.view_dataset",
    "mlops.view_registrysync",
    "mlops.view_denial",
    "mlops.add_denial",
    "mlops.delete_denial",
    "mlops.view_deployment",
    "mlops.view_prediction",
    "mlops.view_feedback",
    "mlops.view_explanation",
)

ROLES: Mapping[str, tuple[str, ...]] = {
    "technician": (*_SUBMITTING, EDIT_COMPONENTS),
    "officer": (*_SUBMITTING, EDIT_COMPONENTS, VIEW_REVIEWS, REVIEW, REPLAY, EXPORT_AUDIT),
    "admin": (
        *(*_SUBMITTING, EDIT_COMPONENTS, VIEW_REVIEWS, REPLAY, VIEW_AUDIT, EXPORT_AUDIT),
        *(STOP, SET_POLICY, KEEP_CODES),
        *_ADMINISTRATION,
    ),
    "auditor": (VIEW_COMPONENTS, VIEW_REVIEWS, REPLAY, VIEW_AUDIT, EXPORT_AUDIT),
    "client": _SUBMITTING,
}


def sees_labels(user: User, component: Component) -> bool:
    """Whether this person may see the component's label, its score, words and history now.

    Who decides reviews may not, from the opening of a blind review to its decision.
    """
    hidden = user.has_perm(REVIEW) and component.reviews.unfinished().filter(blind=True).exists()
    return not hidden


def marking_hidden(components: ComponentQuerySet, user: User) -> ComponentQuerySet:
    """Components with `hidden_label`: the opposite of `sees_labels`, for many at once."""
    if not user.has_perm(REVIEW):
        return components.annotate(hidden_label=Value(False))
    blind = Review.objects.unfinished().filter(component=OuterRef("pk"), blind=True)
    return components.annotate(hidden_label=Exists(blind))


def may_decide(officer: User, review: Review) -> bool:
    """Whether the decision is another's work than the text: not of who entered the component, nor of who wrote it."""
    return officer.pk not in (review.component.entered_by_id, review.description.written_by_id)


def may_change(user: User, component: Component) -> bool:
    """Whether this person may edit the component and ask about it: whoever entered it, and all who see reviews."""
    return component.entered_by_id == user.pk or user.has_perm(VIEW_REVIEWS)


def sees_pages(user: User) -> bool:
    """Whether the account is a person's. An API client is a program: of the pages it has its own account's alone."""
    return user.has_perm(EDIT_COMPONENTS) or user.has_perm(VIEW_REVIEWS)


def grant_roles(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Make each role's group hold exactly the permissions above; runs after every migrate."""
    for app_label in ("audit", "mlops", "components"):
        create_permissions(apps.get_app_config(app_label), verbosity=0, using=using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, codenames in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[codename] for codename in codenames])
