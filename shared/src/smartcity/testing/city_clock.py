"""The suite's clock in a test's hands."""

from datetime import datetime, timedelta
from pathlib import Path

from smartcity import clock


class TestClock:
    """Moves the suite's clock of this process by an offset file."""

    __test__ = False

    def __init__(self, file: Path) -> None:
        self.file = file
        clock.configure(file)

    def set(self, moment: datetime) -> None:
        """Now is `moment` (and time goes on)."""
        clock.set_offset(self.file, moment - clock.real_now())

    def advance(self, **by: float) -> None:
        """Forward by `timedelta(**by)`."""
        clock.set_offset(self.file, clock.offset() + timedelta(**by))
