"""Hearing one side of a request while busy with the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gevent import get_hub, getcurrent

READABLE = 1


class Spoke(Exception):
    """The watched connection has something to read, or its end."""


@contextmanager
def watching(sock: Any, meant: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Whatever waits inside is broken off with `Spoke` as soon as `sock` can be read; `meant` reads it where it may be nothing of meaning."""
    watcher, inside = get_hub().loop.io(sock.fileno(), READABLE), getcurrent()
    watcher.start(lambda: inside.throw(Spoke) if meant() else None)
    try:
        yield
    finally:
        watcher.stop()
        watcher.close()
