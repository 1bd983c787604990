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
