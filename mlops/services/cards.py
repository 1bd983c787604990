"""What registered model versions say of themselves."""

import hashlib
import json
from collections.abc import Collection

from mlops.contracts import ModelCard
from mlops.models import ModelVersion


def cards(digests: Collection[str]) -> list[ModelCard]:
    """The cards of those of these versions that are known here, in the order they became known in."""
    versions = ModelVersion.objects.filter(digest__in=digests).order_by("pk")
    return [ModelCard(str(version), version.digest, version.card, _manifest(version)) for version in versions]


def _manifest(version: ModelVersion) -> bytes:
    """The file that the digest was made of; empty where another release wrote the same manifest in other bytes."""
    content = (json.dumps(version.manifest, sort_keys=True, indent=2) + "\n").encode()
    return content if version.digest == f"sha256:{hashlib.sha256(content).hexdigest()}" else b""
