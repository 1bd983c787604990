"""What can go wrong with the model; each one calls for a reaction of its own."""


class ModelError(Exception):
    """Root of the model's errors. The message is a sentence for a person."""


class NotServing(ModelError):
    """No champion is loaded in this process: keep the text and label it later."""


class ArtifactCorrupt(ModelError):
    """A bundle is not what its manifest says, or holds what no bundle may: never serve it."""


class UnsupportedFormat(ArtifactCorrupt):
    """A bundle of a format this release does not read: upgrade the application first."""


class LoadError(ModelError):
    """A sound bundle could not be made to serve: it does not open, warm up or pass its golden samples."""


class ChampionDamaged(ArtifactCorrupt):
    """The deployed champion's files are not sound in this installation: bring them back, or deploy another."""


class NotArchived(ModelError):
    """The bundle of a past version is not in this installation: bring its files back, then ask again."""


class UnknownRecord(ModelError):
    """No prediction or feedback has that number."""


class NotRetractable(ModelError):
    """The feedback was taken back before, or is itself the taking back of another."""


class NeverSampled(ModelError):
    """Feedback that claims to come of a sample, on a prediction that was never to be sampled."""
