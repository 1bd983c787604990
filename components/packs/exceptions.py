"""Why there is no pack."""

from components.exceptions import DomainError


class NothingToExport(DomainError):
    """No component answers to what was asked for."""


class PackExists(DomainError):
    """A file of that name is there already."""


class Unreadable(DomainError):
    """What is to be exported was changed so that it cannot be read."""
