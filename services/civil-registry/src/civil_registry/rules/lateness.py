"""In time or late. Source: UU 24/2013 Pasal 27(1) (60 days) and Pasal 32 (decision of the head of the office)."""

from datetime import date


def days_after_birth(received: date, born: date) -> int:
    """Days from the birth to the day the report was received, both in Medan. Negative for a birth still to come."""
    return (received - born).days


def is_late(days: int, limit: int) -> bool:
    """Does the report need the head's decision? Day `limit` itself is in time."""
    return days > limit
