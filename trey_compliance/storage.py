"""Where data goes: the options of the database, the cache and the queue of tasks."""

from pathlib import Path
from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

from trey_compliance.environment import SQLITE, made

_SQLITE = {
    "timeout": 20,
    # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first can then never fail half-way as "locked".
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# A server that does not answer at all must not hold a request, a task, or the start of a process for minutes.
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def database(parsed: dict[str, Any]) -> dict[str, Any]:
    """Django's settings of the database of that address: connections are kept, and none waits for ever."""
    given = parsed["OPTIONS"]
    options = given | _SQLITE if parsed["ENGINE"] == SQLITE else _POSTGRESQL | given
    return parsed | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def cache(redis_url: str) -> dict[str, Any]:
    """Django's settings of the cache: in Redis, or where there is none, in the memory of each process."""
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    # A cache that does not answer at once is a cache miss, not a reason for people to wait.
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0, "retry": Retry(NoBackoff(), 0)},
    }


def queue(directory: Path) -> dict[str, Any]:
    """The options of the queue in files below `directory`."""
    messages = str(made(directory / "io", name="VAR_DIR"))
    return {
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(directory / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
