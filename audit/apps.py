from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from audit import receivers

        receivers.connect()
        post_migrate.connect(_adopt_watched, sender=self)


def _adopt_watched(sender: AppConfig, using: str, apps: Apps = installed, **kwargs: Any) -> None:
    from audit.adoption import adopt_watched

    if using == DEFAULT_DB_ALIAS:
        adopt_watched(apps)
