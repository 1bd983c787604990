"""There is one champion at most, whoever deploys, and its history is kept."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from components.models import User
from mlops.models import Deployment, ModelVersion
from mlops.services.deployment import deploy_champion


def version(number: int) -> ModelVersion:
    return ModelVersion.objects.create(
        name="tiny", version=str(number), digest=f"sha256:{number:064x}", manifest={"format": 1}
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
def test_the_database_itself_refuses_a_second_champion() -> None:
    deploy_champion(version(1), by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.create(model_version=version(2), role="champion")


@pytest.mark.django_db(transaction=True)
def test_those_who_deploy_at_once_leave_one_champion() -> None:
    versions = [version(number) for number in range(4)]
    failures: list[Exception] = []

    def deploy(mine: ModelVersion) -> None:
        try:
            for _ in range(10):
                deploy_champion(mine, by=None)
        except Exception as failure:  # noqa: BLE001  (whatever a thread meets must fail the test)
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=deploy, args=(mine,)) for mine in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Deployment.objects.active().count() == 1
