"""Who may do what: one set of codenames for pages and API, given to people by their group."""

from collections.abc import Mapping

from django.apps import AppConfig

VIEW_COMPONENTS = "components.view_component"
SUBMIT_COMPONENTS = "components.add_component"
LABEL_TEXTS = "mlops.add_prediction"

_EVERYDAY = (VIEW_COMPONENTS, SUBMIT_COMPONENTS, LABEL_TEXTS)
_ADMINISTRATION = (
    "components.view_user",
    "components.add_user",
    "components.change_user",
    "components.view_regulation",
    "components.add_regulation",
    "components.change_regulation",
    "components.view_label",
    "mlops.view_modelversion",
    "mlops.view_deployment",
    "mlops.view_prediction",
)

ROLES: Mapping[str, tuple[str, ...]] = {
    "technician": _EVERYDAY,
    "officer": _EVERYDAY,
    "admin": _EVERYDAY + _ADMINISTRATION,
}


def grant_roles(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Make each role's group hold exactly the permissions above; runs after every migrate."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    for app_label in ("mlops", "components"):
        create_permissions(apps.get_app_config(app_label), verbosity=0, using=using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for role, codenames in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[codename] for codename in codenames])
