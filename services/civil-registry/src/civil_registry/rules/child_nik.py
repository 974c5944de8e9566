"""The sixteen digits of a newborn's NIK. Layout: PP 37/2007; a girl's day of birth is raised by 40."""

from datetime import date
from typing import Literal

GIRLS_ADD = 40
MOST = 9_999


def series_of(region: str, born: date, sex: Literal["male", "female"]) -> str:
    """The first twelve digits: region of registration (six), day (+40 for a girl), month, two-digit year."""
    if len(region) != 6 or not region.isdigit() or not region.isascii():
        raise ValueError("a region of a NIK has six digits")
    return f"{region}{born.day + (GIRLS_ADD if sex == 'female' else 0):02}{born.month:02}{born.year % 100:02}"


def numbered(series: str, serial: int) -> str:
    """The whole NIK; raises `ValueError` for a serial that has no four digits (0000 is never given)."""
    if not 1 <= serial <= MOST:
        raise ValueError(f"a serial is between 1 and {MOST}")
    return f"{series}{serial:04}"
