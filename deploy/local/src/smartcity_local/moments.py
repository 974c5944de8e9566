"""Reading what a person types for times: `+10d`, `-3h`, `2026-11-01`."""

import re
from datetime import UTC, datetime, timedelta

from smartcity.clock import JAKARTA
from smartcity_local.errors import CannotGoOn

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "w": "weeks"}


def duration(text: str) -> timedelta:
    """`+10d`, `-3h30m`. Raises `CannotGoOn`."""
    if not re.fullmatch(r"[+-](\d{1,5}[wdhms])+", text):
        raise CannotGoOn(f"{text!r} is no duration: write +10d, +3h30m, -2w.")
    found = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([wdhms])", text)), timedelta())
    return -found if text[0] == "-" else found


def moment(text: str) -> datetime:
    """A date (its first moment in Medan) or an ISO time. Raises `CannotGoOn`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotGoOn(f"{text!r} is no time: write 2026-11-01 or 2026-11-01T08:00.") from error
    return (found if found.tzinfo else found.replace(tzinfo=JAKARTA)).astimezone(UTC)
