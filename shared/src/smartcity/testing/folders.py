"""Where a test run keeps what it forgets: in memory where there is room for it, else on the disk.

A database is copied for each test, some thousand files that nobody reads a second time: in memory that takes a fifteenth of the time.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a name that nobody can guess is made below it
ROOM = 2 * 2**30
"""Bytes that must be free there; a run takes some hundred million."""
HELD = "held"


@contextmanager
def forgotten(prefix: str, *, in_memory: bool) -> Iterator[Path]:
    """A folder that is gone after the block. What a killed run has left beside it is swept away first."""
    where = MEMORY if in_memory and has_room(MEMORY) else Path(tempfile.gettempdir())
    sweep(where, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
    with (folder / "taking").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "taking").rename(folder / HELD)  # nobody ever sees it unlocked
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def has_room(folder: Path) -> bool:
    """May this user write there, and is `ROOM` free?"""
    return os.access(folder, os.W_OK | os.X_OK) and shutil.disk_usage(folder).free >= ROOM


def sweep(where: Path, prefix: str) -> None:
    """Remove what was held by somebody who has ended: the lock ends with its process, however that was killed."""
    for left in where.glob(f"{prefix}*/{HELD}"):
        with suppress(OSError), left.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
