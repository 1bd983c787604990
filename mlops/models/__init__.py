from mlops.models.deployments import Deployment
from mlops.models.predictions import Prediction
from mlops.models.registry import ModelVersion

__all__ = ("Deployment", "ModelVersion", "Prediction")
