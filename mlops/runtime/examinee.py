"""What runs in a process of its own, on a bundle that is not trusted yet: `python -m mlops.runtime.examinee`.

Its argument is `verify` or `score`. Standard input holds one JSON object: `path`, `digest`, `memory_bytes`, `threads`,
and for `score` also `texts` and `alone`. To standard output goes one JSON object a line: `{"ready": true}` once it is
confined; for `verify` a `{"begins": name}` and a `{"check": …}` for each check, up to the first that fails; for `score`
an `{"answers": …}` or a `{"problem": sentence}`; last of all `{"peak_bytes": …}`.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mlops.exceptions import ModelError
from mlops.runtime.checks import result_of, sentence_of

if TYPE_CHECKING:
    from mlops.runtime.servable import Servable
    from mlops.runtime.trial import Trial

MOST_FILES = 256
WARM_UP_RUNS = 5
_PR_SET_PDEATHSIG = 1


def main(command: str) -> None:
    """Answer the question on standard input."""
    output = _sole_output()
    question: dict[str, Any] = json.load(sys.stdin.buffer)
    _end_with_parent()
    _confine(question["memory_bytes"])
    # Only now: what it loads counts against the limits, and must not be laid to the bundle's charge.
    from mlops.runtime.trial import Trial

    _say(output, ready=True)
    if command == "score":
        _score(output, question)
    else:
        _verify(output, Trial(Path(question["path"]), question["digest"], threads=question["threads"]))
    _say(output, peak_bytes=peak_bytes())
    # Nothing is taken down: the end of the process does that faster, and cannot hang.
    os._exit(0)


def peak_bytes() -> int:
    """The most memory that this process has had at once (resident set)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        # Where the kernel is another; bytes there, and here what the parent had may be counted in.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def _sole_output() -> BinaryIO:
    """Standard output for answers alone; whatever else writes there from now on writes into nothing."""
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)
    return answers


def _say(output: BinaryIO, **said: object) -> None:
    output.write(json.dumps(said).encode() + b"\n")
    output.flush()


def _end_with_parent() -> None:
    """Have Linux kill this process when the one that asked is gone, by whatever: nobody waits for the answer then.

    Asked for here and not between fork and exec: who asks has other threads, beside which nothing may run there. Where
    it was gone before, there is nobody to whom this process can say that it is ready, and it fails by that; a server of
    trey_compliance.supervisor says nothing to anybody, and looks who its parent is. Linux means the thread that asked;
    it waits for this process.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _confine(memory_bytes: int) -> None:
    """No more memory or open files than that, no dump, and not a byte into any file.

    Who asked counts the processor time. Under a limit of it Linux counts by ticks, too coarse for the time of a text.
    """
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, MOST_FILES)
    if sys.platform != "darwin":  # which knows the name of this limit, and refuses every value
        _lower(resource.RLIMIT_AS, memory_bytes)


def _lower(kind: int, limit: int) -> None:
    _, most = resource.getrlimit(kind)
    allowed = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(kind, (allowed, allowed))


def _verify(output: BinaryIO, trial: "Trial") -> None:
    for name, step in trial.steps():
        _say(output, begins=name)
        check = result_of(name, step)
        _say(output, check=asdict(check))
        if not check.passed:
            break


def _score(output: BinaryIO, question: dict[str, Any]) -> None:
    from mlops.runtime.bundle import read
    from mlops.runtime.servable import Servable

    try:
        bundle = read(Path(question["path"]), expected_digest=question["digest"])
        servable = Servable.load(bundle, threads=question["threads"])
        _say(output, answers=answers(servable, question["texts"], alone=question["alone"]))
    except (ModelError, MemoryError) as error:
        _say(output, problem=sentence_of(error))


def answers(servable: "Servable", texts: Sequence[str], *, alone: int) -> dict[str, list[Any]]:
    """The first `alone` texts one at a time, with their times; the rest in batches."""
    for text in texts[:WARM_UP_RUNS] if alone else ():
        servable.classify([text])
    classifications, latency_ms, elapsed_ms = [], [], []
    for text in texts[:alone]:
        start, worked = time.perf_counter(), time.process_time()
        classifications += servable.classify([text])
        worked, elapsed = time.process_time() - worked, time.perf_counter() - start
        # What is left of the time was spent waiting for a processor, and says nothing of the bundle.
        latency_ms.append(min(worked, elapsed) * 1000)
        elapsed_ms.append(elapsed * 1000)
    classifications += servable.classify(texts[alone:])
    return {
        "labels": [classification.label.value for classification in classifications],
        "scores": [classification.score for classification in classifications],
        "latency_ms": latency_ms,
        "elapsed_ms": elapsed_ms,
    }


if __name__ == "__main__":
    main(sys.argv[1])
