"""What a verification says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from audit.canonical import GENESIS

if TYPE_CHECKING:
    from audit.models import Event

MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written. `event` is a position; `table`, `row` and `column` name what differs.

    A row whose key is secret is named as events name it.
    """

    kind: str
    sentence: str
    event: int | None = None
    table: str = ""
    row: int | str | None = None
    column: str = ""


@dataclass(slots=True)
class Report:
    """What was looked at and what was found: events in their order, then rows that no event names, then the rest.

    At most MOST_FINDINGS findings are kept; `found` counts all.
    """

    events: int = 0
    rows: int = 0
    anchors: int = 0
    last_position: int = 0
    last_digest: str = GENESIS
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


class Follower(Protocol):
    """Compares what events tell, in their order, with what tables hold: one for each verification."""

    def follow(self, events: Sequence["Event"]) -> Iterator[Finding]:
        """Take in the next events that can be read. Their `before` and `after` may hold anything: some were edited."""
        ...

    def end(self) -> Iterator[Finding]:
        """Compare with the database, after the last event."""
        ...
