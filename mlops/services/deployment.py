"""Give a model version a role."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from mlops.contracts import Role
from mlops.models import Deployment, ModelVersion


def deploy_champion(version: ModelVersion, *, by: AbstractBaseUser | None) -> Deployment:
    """Make `version` the champion; every process follows at its watcher's next look.

    The champion before it ends in the same transaction. Deploying the champion again changes nothing.
    """
    with transaction.atomic():
        # Locked, so that two who deploy at once follow one another; the partial unique index is the last word.
        current = Deployment.objects.champion().select_for_update(of=("self",)).first()
        if current is not None and current.model_version_id == version.pk:
            return current
        if current is not None:
            current.ended_at = timezone.now()
            current.save(update_fields=["ended_at"])
        return Deployment.objects.create(model_version=version, role=Role.CHAMPION.value, started_by=by)
