"""What can go wrong while a model is trained; every message is a sentence for the person who started it."""

from mlops.exceptions import ModelError


class TrainingError(ModelError):
    """Training cannot go on or must not end in a bundle."""


class ConfigError(TrainingError):
    """A training configuration or the data it names cannot be used as it stands."""


class ParityError(TrainingError):
    """The exported graph does not say what the trained model says: it must not ship."""


class GoldenError(TrainingError):
    """The exported model is wrong about a text whose label is beyond dispute: it must not ship."""
