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


class ContractBroken(LoadError):
    """A model whose inputs or outputs are not those that its manifest names."""


class CannotExamine(ModelError):
    """This machine could not open a version in a process of its own; the version is as it was: try again later."""


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


class RegistryError(ModelError):
    """A registry of model versions did not do what it was asked."""


class RegistryDenied(RegistryError):
    """We may not: correct the credential or its role; trying again does not help."""


class RegistryUnavailable(RegistryError):
    """No answer, or a refusal that passes: try again later."""


class VersionNotFound(RegistryError):
    """The registry has no such version, or not its files."""


class AlreadyRegistered(RegistryError):
    """The name and version stand for another bundle or data set: give this one a version of its own."""


class KeyUnusable(RegistryError):
    """A file of signing keys does not hold what it should: correct the file, no bundle is to blame."""


class NotSigned(ArtifactCorrupt):
    """A signature is asked of every bundle, and this one has none that holds."""


class NoRoom(ModelError):
    """The model directory may not grow further: archive versions that are not needed, or allow it more."""


class InvalidTransition(ModelError):
    """A model version in this state cannot come into that one."""


class Denied(ModelError):
    """The version stands on the deny-list."""


class NotEvaluable(ModelError):
    """There is nothing to measure the version on, or it cannot be measured."""
