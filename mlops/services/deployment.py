"""Give a model version a role."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from mlops.contracts import Role
from mlops.exceptions import DeploymentConflict
from mlops.models import Deployment, ModelVersion

ATTEMPTS = 5


def deploy_champion(version: ModelVersion, *, by: AbstractBaseUser | None) -> Deployment:
    """Make `version` the champion; every process follows at its watcher's next look.

    The champion before it ends in the same transaction. Deploying the champion again changes nothing.
    Raises DeploymentConflict where others deployed at the same moment, again and again.
    """
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _replace_champion(version, by)
        except IntegrityError:
            # The partial unique index refused a second champion: another deployment was faster. Look again.
            continue
    raise DeploymentConflict(f"Others are deploying a champion just now: look who serves, then deploy {version} again.")


def _replace_champion(version: ModelVersion, by: AbstractBaseUser | None) -> Deployment:
    current = Deployment.objects.champion().select_for_update(of=("self",)).first()
    if current is not None and current.model_version_id == version.pk:
        return current
    if current is not None:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
    return Deployment.objects.create(model_version=version, role=Role.CHAMPION.value, started_by=by)
