"""What the statuses of HTTP mean to whoever asks a registry for something."""

DENIED = frozenset({401, 403})
PASSING = frozenset({408, 429})
SERVER_ERROR = 500


def is_denial(status: int) -> bool:
    """Whether we may not."""
    return status in DENIED


def is_passing(status: int) -> bool:
    """Whether trying again later may help: the server is busy, or in trouble."""
    return status in PASSING or status >= SERVER_ERROR
