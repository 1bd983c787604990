"""Things that are done at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object], refusals: tuple[type[Exception], ...] = ()) -> list[object]:
    """What each act returned, or the one of `refusals` that it raised, all begun together in threads of their own.

    Raises what the first of them raised that is none of those.
    """
    begin = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)
    failures: list[BaseException] = []

    def run(place: int) -> None:
        try:
            begin.wait(30)
            results[place] = acts[place]()
        except refusals as refusal:
            results[place] = refusal
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
