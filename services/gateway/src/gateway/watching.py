"""Hearing one side of a request while busy with the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gevent import get_hub, getcurrent

READABLE = 1


class Spoke(Exception):
    """The watched connection has something to read, or its end."""


@contextmanager
def watching(sock: Any) -> Iterator[None]:
    """Whatever waits inside is broken off with `Spoke` as soon as `sock` can be read."""
    watcher = get_hub().loop.io(sock.fileno(), READABLE)
    watcher.start(getcurrent().throw, Spoke)
    try:
        yield
    finally:
        watcher.stop()
        watcher.close()
