from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ComponentsConfig(AppConfig):
    name = "components"
    verbose_name = "Components"

    def ready(self) -> None:
        from components import checks  # noqa: F401  (registers the system checks)
        from components.permissions import grant_roles

        post_migrate.connect(grant_roles, sender=self)
