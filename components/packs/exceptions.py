"""Why there is no pack, or no replay."""

from components.exceptions import DomainError


class NothingToExport(DomainError):
    """No component answers to what was asked for."""


class UnderBlindReview(DomainError):
    """The component waits for a blind decision, and whoever decides may not see its label before."""


class PackExists(DomainError):
    """A file of that name is there already."""
