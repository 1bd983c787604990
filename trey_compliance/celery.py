"""The Celery application. Its settings are those of Django that start with CELERY_."""

import os
import sys
from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")


class Loader(AppLoader):
    """Celery's, which would answer a wrong setting with a traceback. Everything else reads the settings before."""

    def config_from_object(self, obj: Any, silent: bool = False) -> Any:
        try:
            return super().config_from_object(obj, silent=silent)  # type: ignore[no-untyped-call]
        except ImproperlyConfigured as error:
            sys.exit(f"The settings are not right: {error}")


app = Celery("trey_compliance", loader=f"{__name__}:{Loader.__name__}")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
