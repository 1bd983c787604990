"""Give a model version a role."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from audit.services import record
from mlops.contracts import PASSED, Role
from mlops.exceptions import InvalidTransition
from mlops.models import Deployment, ModelVersion
from mlops.services.denials import refuse_denied


def deploy_champion(version: ModelVersion, *, by: AbstractBaseUser | None) -> Deployment:
    """Make `version` the champion; every process follows at its watcher's next look.

    The champion before it ends in the same transaction. Deploying the champion again changes nothing. Raises Denied,
    and InvalidTransition for a version that has not passed, or ended.
    """
    with transaction.atomic():
        current = _champion_in_turn()
        if current is not None and current.model_version_id == version.pk:
            return current
        return _deploy(version, current, by)


def deploy_first_champion(version: ModelVersion, *, by: AbstractBaseUser | None) -> Deployment:
    """The champion's deployment: the one there is, or where there is none, that of `version`, from now on.

    Of those who find none at the same moment one deploys, and all are given its deployment. Raises
    as `deploy_champion` does.
    """
    with transaction.atomic():
        return _champion_in_turn() or _deploy(version, None, by)


def _champion_in_turn() -> Deployment | None:
    """The champion's deployment, which nobody else changes until the transaction ends."""
    # The lock is a row that is there before the first version is. To lock the champion's would not do: the one who
    # waited would find it ended, and see no champion where there is a new one.
    # SQLite knows no row locks and needs none: BEGIN IMMEDIATE has let one writer in already.
    ContentType.objects.select_for_update(no_key=True).get(app_label="mlops", model="deployment")
    return Deployment.objects.champion().first()


def _deploy(version: ModelVersion, current: Deployment | None, by: AbstractBaseUser | None) -> Deployment:
    # Locked after the champion's turn: who puts the version away at this moment comes before, or finds it serving.
    version = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    refuse_denied(version)
    if version.state not in PASSED:
        raise InvalidTransition(
            f"{version} is {version.state}: only a version that passed every check can be deployed."
        )
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
