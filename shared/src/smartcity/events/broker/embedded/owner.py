"""Who holds deliveries: one locked file per consumer. The kernel drops the lock when its process ends, so nothing has to expire."""

import fcntl
import os
import secrets
import struct
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_HAND = struct.Struct("<qq")
NOTHING = (0, 0)
_alive: "weakref.WeakSet[Owner]" = weakref.WeakSet()


class Owner:
    """A number in the delivery rows and a file of that name, locked as long as this process lives.

    The file says which events are being worked on, from which to which, so that a death is counted against these alone
    and not against those that only waited behind them.
    """

    def __init__(self, folder: Path) -> None:
        self.number, self._descriptor = _claim(folder)
        self._path = folder / str(self.number)
        _alive.add(self)

    def hold(self, first: int, last: int) -> None:
        """Work on these begins; `NOTHING` when it ended."""
        os.pwrite(self._descriptor, _IN_HAND.pack(first, last), 0)

    def close(self) -> None:
        """Only when its rows have been given back."""
        _alive.discard(self)
        self._path.unlink(missing_ok=True)
        self.drop_descriptor()

    def drop_descriptor(self) -> None:
        """In a forked child: the lock must end with the parent, not with the child."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _claim(folder: Path) -> tuple[int, int]:
    while True:
        number = secrets.randbits(62)
        path = folder / str(number)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return number, descriptor
        except (BlockingIOError, FileNotFoundError):
            pass  # somebody took the new file for a dead owner's before it was locked: make another
        os.close(descriptor)


@contextmanager
def _dead(path: Path) -> Iterator[tuple[int, int] | None]:
    """The first and last event a dead owner had in hand; `None` while it lives."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        record = os.pread(descriptor, _IN_HAND.size, 0)
        yield _IN_HAND.unpack(record) if len(record) == _IN_HAND.size else NOTHING
    except BlockingIOError:
        yield None
    finally:
        os.close(descriptor)


def dead_owners(folder: Path, but: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """`(owner, events in hand)` of each owner whose process ended; its file goes when the caller comes back for the next."""
    for entry in list(os.scandir(folder)):
        if not entry.name.isdigit() or int(entry.name) == but:
            continue
        path = Path(entry.path)
        with _dead(path) as in_hand:
            if in_hand is not None:
                yield int(entry.name), in_hand
                path.unlink(missing_ok=True)


def _after_fork() -> None:
    for owner in list(_alive):
        owner.drop_descriptor()


os.register_at_fork(after_in_child=_after_fork)
