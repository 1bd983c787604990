"""What a ranking says of versions, in short."""

from collections.abc import Callable

from mlops.models import ModelVersion, Ranking

Enter = Callable[..., ModelVersion]


def verdicts(ranking: Ranking) -> dict[str, str]:
    return {one["version"]: one["verdict"] for one in ranking.verdicts}


def reasons(ranking: Ranking, version: str) -> str:
    return " ".join(next(one["reasons"] for one in ranking.verdicts if one["version"] == version))


def state(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.state
