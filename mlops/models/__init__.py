from mlops.models.datasets import Dataset
from mlops.models.denials import Denial
from mlops.models.deployments import Deployment
from mlops.models.evaluations import Evaluation, EvaluationSet, Ranking
from mlops.models.explanations import Explanation
from mlops.models.feedback import Feedback
from mlops.models.predictions import Prediction
from mlops.models.syncs import RegistrySync
from mlops.models.versions import ModelVersion, Transition, Verification

__all__ = (
    "Dataset", "Denial", "Deployment", "Evaluation", "EvaluationSet", "Explanation", "Feedback", "ModelVersion",
    "Prediction", "Ranking", "RegistrySync", "Transition", "Verification",
)  # fmt: skip
