"""What the law or an agreement says from one day on, and up to and with another, or without end."""

from datetime import date


class Dated:
    """A row of `data/` with its days; a dataclass names them among its own fields."""

    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Is it in force on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
