"""There is one champion at most, whoever deploys, and its history is kept."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import Denied, InvalidTransition
from mlops.models import Denial, Deployment, ModelVersion
from mlops.services.deployment import deploy_champion
from mlops.services.lifecycle import move
from tests.at_once import at_once


def version(number: int, state: VersionState = VersionState.VERIFIED) -> ModelVersion:
    return ModelVersion.objects.create(
        name="tiny", version=str(number), digest=f"sha256:{number:064x}", manifest={"format": 1}, state=state.value
    )


@pytest.mark.django_db
def test_the_champion_before_it_ends_when_another_is_deployed(admin: User) -> None:
    first, second = version(1), version(2)

    deploy_champion(first, by=None)
    deploy_champion(second, by=admin)

    assert Deployment.objects.champion().get().model_version == second
    ended = Deployment.objects.get(model_version=first)
    assert ended.ended_at is not None
    assert Deployment.objects.champion().get().started_by == admin


@pytest.mark.django_db
def test_deploying_the_champion_again_changes_nothing() -> None:
    first = version(1)

    assert deploy_champion(first, by=None) == deploy_champion(first, by=None)

    assert Deployment.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", set(VersionState) - {VersionState.VERIFIED, VersionState.CANDIDATE})
def test_what_has_not_passed_or_was_put_away_is_not_deployed(state: VersionState) -> None:
    serving = deploy_champion(version(1), by=None)
    other = version(2)
    ModelVersion.objects.filter(pk=other.pk).update(state=state.value)

    with pytest.raises(InvalidTransition, match=f"tiny:2 is {state}: only a version that passed every check can be"):
        deploy_champion(other, by=None)

    assert Deployment.objects.champion().get() == serving


@pytest.mark.django_db
def test_what_is_denied_is_not_deployed_and_serves_on_where_it_does() -> None:
    first, second = version(1), version(2)
    serving = deploy_champion(first, by=None)
    for denied in (first, second):
        Denial.objects.create(pattern=str(denied), reason="Recalled.")

    with pytest.raises(Denied, match="Recalled"):
        deploy_champion(second, by=None)

    assert deploy_champion(first, by=None) == serving


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_champion() -> None:
    deploy_champion(version(1), by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.create(model_version=version(2), role="champion")


@pytest.mark.django_db(transaction=True)
def test_those_who_deploy_at_once_leave_one_champion() -> None:
    def deploy(mine: ModelVersion) -> None:
        for _ in range(5):
            deploy_champion(mine, by=None)

    at_once(*[partial(deploy, version(number)) for number in range(4)])

    assert Deployment.objects.active().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_who_deploys_a_version_and_who_rejects_it_at_once_one_has_their_way() -> None:
    for number in range(1, 4):
        contested = version(number)
        results = at_once(
            partial(deploy_champion, contested, by=None),
            partial(move, contested, VersionState.REJECTED, reason="No.", by=None),
            refusals=(InvalidTransition,),
        )

        contested.refresh_from_db()
        serves = Deployment.objects.active_of(contested).exists()
        assert serves != (contested.state == VersionState.REJECTED)
        assert sum(isinstance(result, InvalidTransition) for result in results) == 1
