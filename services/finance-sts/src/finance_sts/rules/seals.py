"""The chain of closed days: each day's seal covers its entries and the seal of the day before, so that nothing earlier changes unseen.

Canonical bytes: JSON without spaces, UTF-8, moments in UTC with microseconds, one line for the day and one for each entry.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

FIRST = b""
"""What stands for the seal before the first."""


@dataclass(frozen=True)
class SealedEntry:
    """An entry as it is sealed; `lines` are (line, account code, debit, credit), whole rupiah."""

    id: UUID
    at: datetime
    day: date
    cause: str
    total: int
    corrects: UUID | None
    lines: Iterable[tuple[int, str, int, int]]

    def canonical(self) -> bytes:
        """The bytes that are hashed."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        corrects = str(self.corrects) if self.corrects else None
        return _line([str(self.id), at, self.day.isoformat(), self.cause, self.total, corrects, sorted(self.lines)])


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def seal_of(previous: bytes, office: str, day: date, entries: Iterable[SealedEntry]) -> tuple[bytes, int]:
    """(SHA-256, how many entries) of a day of an office; entries in the order of the books."""
    digest, count = hashlib.sha256(_line([previous.hex(), office, day.isoformat()])), 0
    for entry in entries:
        digest.update(entry.canonical())
        count += 1
    return digest.digest(), count
