"""Give a model version a role."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from audit.services import record
from mlops.contracts import Role
from mlops.models import Deployment, ModelVersion


def deploy_champion(version: ModelVersion, *, by: AbstractBaseUser | None) -> Deployment:
    """Make `version` the champion; every process follows at its watcher's next look.

    The champion before it ends in the same transaction. Deploying the champion again changes nothing.
    """
    with transaction.atomic():
        _wait_for_turn()
        current = Deployment.objects.champion().first()
        if current is not None and current.model_version_id == version.pk:
            return current
        if current is not None:
            current.ended_at = timezone.now()
            current.save(update_fields=["ended_at"])
        deployment = Deployment.objects.create(
            model_version=version, role=Role.CHAMPION.value, started_by_id=None if by is None else by.pk
        )
        record(
            "champion_deployed",
            by=by,
            subject=version,
            before={"champion": "" if current is None else str(current.model_version)},
            after={"champion": str(version), "digest": version.digest},
        )
        return deployment


def _wait_for_turn() -> None:
    # The row of the oldest version is the lock that every deployment takes. To lock the champion's row would not
    # do: the one who waited would find it ended, and see no champion where there is a new one.
    # SQLite knows no row locks and needs none: BEGIN IMMEDIATE has let one writer in already.
    ModelVersion.objects.select_for_update().order_by("pk").first()
