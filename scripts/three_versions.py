"""Model versions for the photographs: who serves, and three in the registry of which one is a step forward."""

import shutil
from pathlib import Path

BALLAST_BYTES = 2_500_000


def first_champion(directory: Path) -> Path:
    """A bundle of the starter model that carries ballast: without it the same model is a step forward, as smaller."""
    from mlops.services.installing import STARTER_BUNDLE
    from tests.bundles import reseal

    bundle = shutil.copytree(STARTER_BUNDLE, directory / "champion")
    with (bundle / "reference.json").open("a") as file:
        file.write(" " * BALLAST_BYTES)
    return reseal(bundle)


def register_three(directory: Path) -> tuple[int, int]:
    """One that is smaller, one that boasts, one tampered with; the keys of the second and of the ranking."""
    from django.conf import settings
    from django.core.management import call_command

    from mlops.models import ModelVersion, Ranking
    from mlops.services.evaluation_sets import ensure_evaluation_sets
    from mlops.services.installing import STARTER_BUNDLE
    from mlops.services.registry import register_bundle
    from tests.bundles import reseal

    changes: dict[str, dict[str, object]] = {"2": {}, "3": {"threshold": 0.03}, "4": {}}
    tags = {"2": {"stage": "trial"}, "3": {"accuracy": "0.9999", "note": "best so far"}, "4": {"stage": "trial"}}
    for version, changed in changes.items():
        bundle = reseal(shutil.copytree(STARTER_BUNDLE, directory / version), {**changed, "version": version})
        register_bundle(bundle, tags=tags[version], by=None)
    model = settings.REGISTRY_DIR / settings.REGISTRY_MODEL / "4" / "bundle" / "model.onnx"
    with model.open("r+b") as file:
        file.seek(1000)
        file.write(b"tampered with")
    ensure_evaluation_sets()
    call_command("sync_registry", "--and-fetch", verbosity=0)
    boastful = ModelVersion.objects.get(name=settings.REGISTRY_MODEL, version="3")
    return boastful.pk, Ranking.objects.standing().get().pk
