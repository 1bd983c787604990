"""Celery's queue in files, for installations without Redis; never seen half written, whatever crashes when."""

import logging
import os
import threading
import time
from pathlib import Path
from queue import Empty
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

_binding = threading.Lock()


class Channel(filesystem.Channel):
    """kombu's, which writes its files in place: a worker that reads one too early, or after a crash, would end."""

    def _put(self, queue: str, payload: object, **kwargs: object) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        beside = folder / f".{uuid4()}"
        beside.write_text(dumps(payload), "utf-8")
        # kombu takes them in the order of their names, and reads the queue's from the first full stop on.
        beside.rename(folder / f"{time.time_ns()}_{uuid4()}.{queue}.msg")

    def _get(self, queue: str) -> object:  # type: ignore[override]
        folder = Path(self.data_folder_in)
        for name in sorted(file.name for file in folder.glob(f"*.{queue}.msg")):
            # Renamed first: one reader alone can do that, and it takes the message.
            taken = folder / f".{uuid4()}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue
            try:
                message = loads(taken.read_text("utf-8"))
            except ValueError as error:
                # Lost by a full disk or a cut of power. What is to be done stands in the database, too.
                log.warning("A message of the queue %s cannot be read, and is dropped: %s", queue, error)
            else:
                if isinstance(message, dict):
                    return message
                log.warning("What stood in the queue %s was no message, and is dropped.", queue)
            finally:
                taken.unlink()
        raise Empty

    def queue_bind(self, *args: object, **options: object) -> None:
        # kombu notes a binding before it writes it: another thread would take it for made, and its message be lost.
        with _binding:
            super().queue_bind(*args, **options)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table: Path = self._exchange_file(exchange)
        table.parent.mkdir(parents=True, exist_ok=True)
        if not table.exists():
            _appear(table, "[]")
        super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    Channel = Channel


def _appear(file: Path, content: str) -> None:
    """Make the file, whole from the first moment it can be seen; one that another process made meanwhile stays."""
    beside = file.with_name(f".{uuid4()}")
    beside.write_text(content, "utf-8")
    try:
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
