"""What the domain refuses; the pages and the API each say it in their own way."""


class DomainError(Exception):
    """Root of the domain's refusals. The message is a sentence for the person who asked."""


class DuplicateExternalId(DomainError):
    """Another component already has this external id."""


class NoRegulationInForce(DomainError):
    """No regulation is in force on the day: nothing can be judged."""


class TooManyTokens(DomainError):
    """The person holds as many tokens as one may."""


class UnknownToken(DomainError):
    """The person has no such token."""


class AccountsExist(DomainError):
    """Demo accounts are for an installation without any account."""


class UnknownRecord(DomainError):
    """There is no such component, review or decision."""


class NotYours(DomainError):
    """It belongs to another person: their claim, their component, their decision."""


class OwnComponent(DomainError):
    """The officer entered the component or wrote its text: another decides on it."""


class NothingToReview(DomainError):
    """Nothing waits for this officer now."""


class LeaseLost(DomainError):
    """The claim ran out, or was given up: claim the review again."""


class AlreadyDecided(DomainError):
    """Somebody has decided this review, or it is not open any more."""


class AlreadyAnswered(DomainError):
    """The question has an answer."""


class TextChanged(DomainError):
    """The description was edited since it was read: read it again."""


class SameLabel(DomainError):
    """An override must give another label than the one that stands."""


class MissingReason(DomainError):
    """A decision of this kind needs a reason code or a note."""


class ReasonCodeRetired(DomainError):
    """The reason code may not be chosen any more."""


class UndoTooLate(DomainError):
    """A decision can be undone within a minute, and only while nothing has followed it."""


class LabellingStopped(DomainError):
    """Automatic labelling is stopped: people decide on every new component."""


class UnderBlindReview(DomainError):
    """The component waits for a blind decision, and whoever decides may not see its label before."""
