"""The deny-list: versions that must never be fetched, verified or chosen."""

from mlops.exceptions import Denied
from mlops.models import Denial, ModelVersion


def refuse_denied(version: ModelVersion) -> None:
    """Raise Denied where the version stands on the deny-list, by its digest or its name:version."""
    denial = Denial.objects.of(version).first()
    if denial is not None:
        raise Denied(f"{version} stands on the deny-list ({denial.pattern}): {denial.reason}")
