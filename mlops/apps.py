from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class MlopsConfig(AppConfig):
    name = "mlops"
    verbose_name = "Model operations"

    def ready(self) -> None:
        from mlops import checks  # noqa: F401  (registers the system checks)

        _watch()
        from mlops.management.going_back import refuse_to_forget

        pre_migrate.connect(refuse_to_forget, sender=self, dispatch_uid="mlops.refuse_to_forget")


def _watch() -> None:
    """Have an event tell of each change to versions (of what is long, its digest), to who serves, and to denials."""
    from django.db.models import JSONField, TextField

    from audit.watching import columns_of, watch
    from mlops.models import Denial, Deployment, ModelVersion

    long = [one.name for one in ModelVersion._meta.concrete_fields if isinstance(one, JSONField | TextField)]
    watch(ModelVersion, fields=columns_of(ModelVersion), sealed=long)
    watch(Deployment, fields=columns_of(Deployment))
    watch(Denial, fields=columns_of(Denial))
