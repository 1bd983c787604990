"""Things that are done at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned, all begun together in threads of their own; raises what the first of them raised."""
    begin = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)
    failures: list[BaseException] = []

    def run(place: int) -> None:
        try:
            begin.wait(30)
            results[place] = acts[place]()
        except BaseException as failure:  # noqa: BLE001 - raised again where it is seen
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
