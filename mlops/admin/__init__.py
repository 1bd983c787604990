"""The registry, the deployments, the predictions and what people said of them, to look at."""

from mlops.admin import datasets, deployments, explanations, feedback, predictions, registry  # noqa: F401  (each registers models)
