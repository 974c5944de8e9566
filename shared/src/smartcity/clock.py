"""The only source of now. A suite-wide offset (tests, demo) moves every clock of the law together.

Tokens, partners' signatures and TLS ask `real_now()`: moving the suite's clock must not make a token valid.
"""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


class _Offset:
    """The offset in seconds, kept in a file that all processes of the suite read."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self._seen: tuple[int, int] | None = None
        self._value = timedelta()

    def value(self) -> timedelta:
        if self.file is None:
            return timedelta()
        try:
            stat = os.stat(self.file)
        except FileNotFoundError:
            return timedelta()
        if (stat.st_mtime_ns, stat.st_ino) != self._seen:
            self._value = timedelta(seconds=float(self.file.read_text() or 0))
            self._seen = (stat.st_mtime_ns, stat.st_ino)
        return self._value


_offset = _Offset()


def configure(file: Path | None) -> None:
    """Read the suite's offset from `file` (seconds as text) from now on; `None` means real time."""
    _offset.file = file
    _offset._seen = None


def now() -> datetime:
    """The suite's now, aware, in UTC."""
    return real_now() + _offset.value()


def real_now() -> datetime:
    """The machine's now, aware, in UTC, whatever the suite's offset."""
    return datetime.now(UTC)


def today() -> date:
    """The suite's date in Medan (Asia/Jakarta)."""
    return now().astimezone(JAKARTA).date()


def offset() -> timedelta:
    """How far the suite's clock is moved."""
    return _offset.value()


def set_offset(file: Path, value: timedelta) -> None:
    """Move the clock of every process that reads `file`, atomically."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(value.total_seconds()))
    fresh.replace(file)
