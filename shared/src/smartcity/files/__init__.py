"""What people upload: received by content, quarantined where it is a picture, re-encoded by `work`, then served.

Stored bytes come first and the row after them, so a row never stands for bytes that are not there; bytes whose
transaction did not commit are taken away again (a crash between the two leaves bytes nobody can reach).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from smartcity import due
from smartcity.files.entity import FileStatus, StoredFile
from smartcity.files.receiving import receive
from smartcity.files.serving import ServedFile, serve
from smartcity.files.store import Store, configure, open_store, store

FORGET = "files.forget"
REENCODE = "files.reencode"


def _reencode(session: Session, subject: str, now: datetime) -> None:
    from smartcity.files.reencoding import reencode

    reencode(session, subject, now)


def _forget(session: Session, subject: str, now: datetime) -> None:
    """Take away bytes that no row stands for any more; `subject` is their key."""
    store().delete(subject)


RUNS: dict[str, due.Runner] = {REENCODE: _reencode, FORGET: _forget}

__all__ = ["RUNS", "FileStatus", "ServedFile", "Store", "StoredFile", "configure", "open_store", "receive", "serve", "store"]
