from mlops.models.deployments import Deployment
from mlops.models.explanations import Explanation
from mlops.models.feedback import Feedback
from mlops.models.predictions import Prediction
from mlops.models.registry import ModelVersion

__all__ = ("Deployment", "Explanation", "Feedback", "ModelVersion", "Prediction")
