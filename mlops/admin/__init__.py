"""The registry, the deployments, the predictions and what people said of them, to look at."""

from mlops.admin import (  # noqa: F401  (each registers models)
    datasets,
    denials,
    deployments,
    explanations,
    feedback,
    findings,
    predictions,
    rankings,
    versions,
)
