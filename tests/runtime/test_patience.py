"""A program is let go on as long as there is reason to: one that speaks, or is young, or worked before it began."""

import sys

import pytest

from mlops.runtime.confinement import End, Patience, run

LONG = 60.0
BEGIN = "print('begins', flush=True)"


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
    ],
    ids=["it speaks now and then", "it has not slept for long", "it worked before it began"],
)
def test_it_comes_to_its_end_by_itself(program: str, patience: Patience) -> None:
    outcome = run(
        [sys.executable, "-c", f"import time\n{program}"], b"", environment={}, patience=patience, most_bytes=1000
    )

    assert (outcome.end, outcome.status) == (End.BY_ITSELF, 0)


def test_what_it_said_before_its_end_is_heard_though_another_holds_its_pipes() -> None:
    program = "subprocess.Popen(['sleep', '10'], start_new_session=True); print('.' * 50_000)"
    patience = Patience(to_start=LONG, computing=LONG, asleep=LONG, at_most=3)

    outcome = run(
        [sys.executable, "-c", f"import subprocess\n{BEGIN}\n{program}"],
        b"",
        environment={"PATH": "/usr/bin:/bin"},
        patience=patience,
        most_bytes=1_000_000,
    )

    assert (outcome.end, outcome.status) == (End.BY_ITSELF, 0)
    assert outcome.output == b"begins\n" + b"." * 50_000 + b"\n"
