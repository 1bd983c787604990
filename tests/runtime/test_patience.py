"""A program is let go on as long as there is reason to: one that speaks, or is young, or worked before it began."""

import os
import sys

import pytest

from mlops.runtime.confinement import End, Outcome, Patience, run

LONG = 60.0
BEGIN = "print('begins', flush=True)"
CONTINUED_EVERY = """
if os.fork() == 0:
    while os.getppid() == os.getpgrp():
        time.sleep(%s)
        os.kill(os.getpgrp(), signal.SIGCONT)
    os._exit(0)
"""


def run_python(program: str, patience: Patience) -> Outcome:
    return run(
        [sys.executable, "-c", f"import fcntl, os, signal, subprocess, time\n{program}"],
        b"",
        environment={"PATH": os.defpath},
        patience=patience,
        most_bytes=1_000_000,
    )


@pytest.mark.parametrize(
    ("program", "patience"),
    [
        (
            f"{BEGIN}\nfor _ in range(10): time.sleep(0.25); print('.', flush=True)",
            Patience(to_start=LONG, computing=LONG, asleep=0.1, at_most=LONG),
        ),
        (
            f"{BEGIN}\ntime.sleep(2.5)",
            Patience(to_start=LONG, computing=LONG, asleep=LONG, at_most=LONG),
        ),
        (
            f"while time.process_time() < 1.5: pass\n{BEGIN}\ntime.sleep(0.5)",
            Patience(to_start=LONG, computing=1, asleep=LONG, at_most=LONG),
        ),
        (
            f"{CONTINUED_EVERY % 0.05}\n{BEGIN}\nfor _ in range(50): os.kill(os.getpid(), signal.SIGSTOP)",
            Patience(to_start=LONG, computing=LONG, asleep=0.1, at_most=LONG),
        ),
    ],
    ids=[
        "it speaks now and then",
        "it has not slept for long",
        "it worked before it began",
        "it is halted again and again",
    ],
)
def test_it_comes_to_its_end_by_itself(program: str, patience: Patience) -> None:
    outcome = run_python(program, patience)

    assert (outcome.end, outcome.status) == (End.BY_ITSELF, 0)


def test_one_that_was_halted_is_waited_for_no_longer_than_one_that_sleeps() -> None:
    program = f"{CONTINUED_EVERY % 10}\n{BEGIN}\nos.kill(os.getpid(), signal.SIGSTOP)"

    outcome = run_python(program, Patience(to_start=LONG, computing=LONG, asleep=0.1, at_most=LONG))

    assert outcome.end is End.ASLEEP


def test_what_it_said_before_its_end_is_heard_though_another_holds_its_pipes() -> None:
    program = f"""
fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 1 << 20)
subprocess.Popen(["sleep", "10"], start_new_session=True)
{BEGIN}
os.write(1, b"." * 900_000)
os._exit(0)
"""

    outcome = run_python(program, Patience(to_start=LONG, computing=LONG, asleep=LONG, at_most=3))

    assert (outcome.end, outcome.status) == (End.BY_ITSELF, 0)
    assert outcome.output == b"begins\n" + b"." * 900_000
