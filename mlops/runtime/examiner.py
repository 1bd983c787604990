"""Have a bundle opened in a process of its own, within limits, and believe nothing that does not come back whole."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import mlops
from mlops.contracts import Label
from mlops.exceptions import CannotExamine, LoadError
from mlops.runtime.checks import NAMES, Check, in_short
from mlops.runtime.confinement import End, Outcome, Patience, run

START_SECONDS: Final = 60.0
"""How long the process itself may take to start, on a machine that is busy."""
MOST_ANSWER_BYTES: Final = 32 * 1024**2
ADDRESSES: Final = 2**63
"""More bytes than any process can have."""
MOST_WAITING: Final = 20
"""How many times as long as it may compute a process is waited for that the machine keeps from computing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may take once it has started.

    `seconds` are of processor time, for each of its threads; one that does nothing has so many on the clock.
    `memory_bytes` are those that it may address.
    """

    seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found of a bundle. `checks` are in the order they were made, and the first that fails ends them.

    `seconds` is the wall time of the process, `peak_bytes` the most memory it had at once, 0 where it did not live to
    tell.
    """

    checks: tuple[Check, ...]
    seconds: float
    peak_bytes: int

    @property
    def passed(self) -> bool:
        """Whether every check was made and passed."""
        return all(check.passed for check in self.checks)

    @property
    def problem(self) -> str:
        """The sentence of the check that failed; empty where none did."""
        return next((f"{check.name}: {check.detail}" for check in self.checks if not check.passed), "")


@dataclass(frozen=True, slots=True)
class Scored:
    """What a bundle says of some texts, in their order.

    `elapsed_ms` has the time of each text that was labelled by itself, in milliseconds: of the first `alone` ones,
    after a warm-up. The others were labelled in batches. `latency_ms` has the same without what a busy machine let it
    wait: the processor time of all threads, where that is less. `seconds` and `peak_bytes` are those of the whole
    process.
    """

    labels: tuple[Label, ...]
    scores: tuple[float, ...]
    latency_ms: tuple[float, ...]
    elapsed_ms: tuple[float, ...]
    seconds: float
    peak_bytes: int


def examine(path: Path, digest: str, *, limits: Limits, threads: int = 1) -> Examination:
    """What the checks find of the bundle at `path`, which should be the one of that digest.

    A process that hangs, crashes, takes too much or talks nonsense is a check that failed. Raises CannotExamine where
    the machine is to blame, and nothing is known of the bundle.
    """
    outcome = _ask("verify", path, digest, limits, threads)
    said = _heard(outcome)
    checks = said.checks
    made = said.whole and [check.name for check in checks] == list(NAMES)
    if not made and all(check.passed for check in checks):
        checks.append(Check(said.begun or NAMES[0], passed=False, detail=_end(outcome, limits)))
    return Examination(tuple(checks), outcome.seconds, said.peak_bytes)


def score(
    path: Path,
    digest: str,
    texts: Sequence[str],
    *,
    limits: Limits,
    alone: int = 0,
    threads: int = 1,
) -> Scored:
    """What the bundle at `path` says of `texts`, the first `alone` of them one at a time.

    Raises LoadError where the bundle fails in any way, CannotExamine where the machine is to blame.
    """
    outcome = _ask("score", path, digest, limits, threads, texts=list(texts), alone=alone)
    said = _heard(outcome)
    if said.problem:
        raise LoadError(said.problem)
    most_ms = 1000 * _patience(limits, threads).longest
    match said.answers if said.whole else None:
        case {
            "labels": list(labels),
            "scores": list(scores),
            "latency_ms": list(latency_ms),
            "elapsed_ms": list(elapsed_ms),
        } if (
            # One for each text, and nothing that is no label, score or time.
            len(labels) == len(scores) == len(texts)
            and len(latency_ms) == len(elapsed_ms) == min(alone, len(texts))
            and all(label in [*Label] for label in labels)
            and all(isinstance(number, float) and 0 <= number <= 1 for number in scores)
            and all(isinstance(number, float) and 0 <= number <= most_ms for number in [*latency_ms, *elapsed_ms])
        ):
            return Scored(
                tuple(map(Label, labels)),
                tuple(scores),
                tuple(latency_ms),
                tuple(elapsed_ms),
                outcome.seconds,
                said.peak_bytes,
            )
    raise LoadError(_end(outcome, limits))


def _ask(command: str, path: Path, digest: str, limits: Limits, threads: int, **more: object) -> Outcome:
    question = {
        "path": str(path.resolve()),
        "digest": digest,
        "memory_bytes": limits.memory_bytes,
        "threads": threads,
        **more,
    }
    outcome = run(
        [sys.executable, "-s", "-P", "-B", "-m", "mlops.runtime.examinee", command],
        json.dumps(question).encode(),
        environment=_environment(),
        patience=_patience(limits, threads),
        most_bytes=MOST_ANSWER_BYTES,
    )
    _require_fair(outcome)
    return outcome


def _patience(limits: Limits, threads: int) -> Patience:
    return Patience(
        to_start=START_SECONDS,
        computing=limits.seconds * threads,
        asleep=limits.seconds,
        at_most=MOST_WAITING * limits.seconds,
    )


def _environment() -> dict[str, str]:
    """Nothing of ours, which holds secrets, but what the interpreter needs; no pools of threads beside ours."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(mlops.__path__[0]).resolve().parent),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        # Each arena takes 64 MiB of the addresses that are allowed.
        "MALLOC_ARENA_MAX": "1",
    }


def _require_fair(outcome: Outcome) -> None:
    """Raise CannotExamine where the machine ended the process, or kept it from its work."""
    if not outcome.began:
        raise CannotExamine(
            "The process that opens bundles did not start within its limits: "
            f"{_last_line(outcome.errors) or _way(outcome)}. Look at VERIFY_MEMORY_BYTES and at the machine's memory."
        )
    if outcome.end is End.BY_ITSELF and outcome.status == -signal.SIGKILL:
        raise CannotExamine("The machine killed the process that opens bundles, as it does where memory runs out.")
    if outcome.end is End.KEPT_WAITING:
        raise CannotExamine(
            f"The machine was too busy: in {outcome.seconds:.0f} s it let the process that opens bundles compute for "
            f"{outcome.processor_seconds:.1f} s. Try again when it has less to do."
        )


def _end(outcome: Outcome, limits: Limits) -> str:
    """A sentence about a process that did not come to its end as it should."""
    if outcome.end is End.OUT_OF_TIME:
        return f"It was not done after {limits.seconds:g} s of processor time (VERIFY_SECONDS), and was stopped."
    if outcome.end is End.ASLEEP:
        return f"It was not done after {limits.seconds:g} s (VERIFY_SECONDS), did nothing any more, and was stopped."
    if outcome.end is End.TOO_TALKATIVE:
        return f"Its process said more than {MOST_ANSWER_BYTES:,} bytes, and was stopped."
    said = _last_line(outcome.errors)
    return f"Its process did not answer as it should: {_way(outcome)}{f' ({said})' if said else ''}."


def _way(outcome: Outcome) -> str:
    if outcome.status >= 0:
        return f"it ended with status {outcome.status}"
    try:
        return f"it was ended by {signal.Signals(-outcome.status).name}"
    except ValueError:
        return f"it was ended by signal {-outcome.status}"


def _last_line(errors: bytes) -> str:
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return in_short(lines[-1]) if lines else ""


@dataclass(slots=True)
class _Said:
    """What the process said, as far as it can be understood; `whole` where it came to its end by its own word."""

    checks: list[Check] = field(default_factory=list)
    begun: str = ""
    answers: object = None
    problem: str = ""
    peak_bytes: int = 0
    whole: bool = False


def _heard(outcome: Outcome) -> _Said:
    said = _Said()
    for line in outcome.output.split(b"\n"):
        match _parsed(line):
            case {"begins": str(name)}:
                said.begun = name
            case {"check": {"name": str(name), "passed": bool(passed), "detail": str(detail)}}:
                said.checks.append(Check(in_short(name), passed, in_short(detail)))
            case {"answers": answers}:
                said.answers = answers
            case {"problem": str(problem)}:
                said.problem = in_short(problem)
            case {"peak_bytes": peak_bytes} if type(peak_bytes) is int and 0 <= peak_bytes < ADDRESSES:
                said.peak_bytes = peak_bytes
                said.whole = outcome.end is End.BY_ITSELF and outcome.status == 0
    return said


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
