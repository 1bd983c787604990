"""The queue in files, with real files and a real connection."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from uuid import uuid4

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    folder = tmp_path / "io"
    folder.mkdir()
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(tmp_path / "control"),
        "store_processed": False,
        "polling_interval": 0.01,
    }
    with Connection(
        "filesystem://", transport="trey_compliance.file_queue:Transport", transport_options=options
    ) as opened:
        yield opened


@pytest.fixture
def name() -> str:
    """A queue of the test's own: kombu remembers bindings for the life of the process, whatever the folder."""
    return uuid4().hex


@pytest.fixture
def queue(connection: Connection, name: str) -> SimpleQueue:
    return connection.SimpleQueue(name)


def read(queue: SimpleQueue) -> object:
    message = queue.get(timeout=10)
    message.ack()
    return message.payload


def test_messages_come_out_as_they_went_in_and_in_order(queue: SimpleQueue) -> None:
    for number in range(20):
        queue.put({"number": number, "text": "größer 🚗"})

    assert [read(queue)["number"] for _ in range(20)] == list(range(20))


@pytest.mark.parametrize("content", [b"", b'{"body": "cut o', b"\xff\xfe", b"[]", b"null"])
def test_a_message_that_cannot_be_read_is_dropped_and_the_next_one_comes(
    queue: SimpleQueue, name: str, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "io" / f"0_before.{name}.msg").write_bytes(content)
    queue.put("after")

    assert read(queue) == "after"
    with pytest.raises(Empty):
        queue.get(block=False)


def test_many_writers_and_readers_at_once_lose_and_break_nothing(connection: Connection, name: str) -> None:
    """Each reader looks while others write: a file in place, half written, would be an error here."""
    seen: list[object] = []
    problems: list[BaseException] = []

    def write(first: int) -> None:
        with connection.clone() as own:
            queue = own.SimpleQueue(name)
            for number in range(first, first + 50):
                queue.put(number)

    def read_all() -> None:
        with connection.clone() as own:
            queue = own.SimpleQueue(name)
            while len(seen) < 200:
                try:
                    message = queue.get(timeout=0.2)
                except Empty:
                    continue
                message.ack()
                seen.append(message.payload)

    def watched(work: object, *arguments: int) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except BaseException as error:
            problems.append(error)
            raise

    threads = [threading.Thread(target=watched, args=(write, first)) for first in (0, 50, 100, 150)]
    threads += [threading.Thread(target=watched, args=(read_all,), daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert problems == []
    assert sorted(map(int, map(str, seen))) == list(range(200))
