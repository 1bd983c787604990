"""The registry, the deployments and the predictions, to look at."""

from mlops.admin import deployments, predictions, registry  # noqa: F401  (each registers its models)
