"""How long Azure is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and how often a request is sent again. One request ends, well or not, within a few minutes.

    What asks for a longer pause than `longest_pause` is not waited for here: the task that asked comes again later.
    """

    retries: int = 3
    first_pause: float = 1.0
    longest_pause: float = 30.0
    connect: float = 10.0
    read: float = 60.0

    def pause(self, retry: int) -> float:
        """Seconds before the retry of that number, from 0: doubling."""
        return min(self.first_pause * 2.0**retry, self.longest_pause)
