"""NIK and family-card (KK) numbers: read, checked, masked.

Source: UU 23/2006 article 13, UU 24/2013 articles 1 and 64; layout of PP 37/2007. The region is that of first
registration, not today's residence, so no region is ever refused. A number that passes here is possible, not registered.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

WOMEN_ADD = 40
_SIXTEEN = re.compile(r"[0-9]{16}", re.ASCII)


@dataclass(frozen=True)
class Nik:
    """A NIK taken apart. `region` is the six-digit code of first registration; `year` has two digits, the century is not in it."""

    region: str
    day: int
    month: int
    year: int
    sex: Literal["male", "female"]
    serial: int

    @property
    def text(self) -> str:
        """The sixteen digits."""
        day = self.day + (WOMEN_ADD if self.sex == "female" else 0)
        return f"{self.region}{day:02}{self.month:02}{self.year:02}{self.serial:04}"

    def __str__(self) -> str:
        return mask(self.text)

    def __repr__(self) -> str:
        return f"Nik({mask(self.text)})"

    def born(self, today: date) -> list[date]:
        """The dates of birth the number allows, latest first, none after `today`."""
        return [day for day in _dates(self.day, self.month, self.year) if day <= today]

    def fits(self, born: date, sex: Literal["male", "female"]) -> bool:
        """Do registry data agree with the number? Where they differ it is a warning, never a refusal."""
        return (born.day, born.month, born.year % 100, sex) == (self.day, self.month, self.year, self.sex)


@dataclass(frozen=True, repr=False)
class FamilyCard:
    """A KK number taken apart: region and date of issue (two-digit year)."""

    region: str
    day: int
    month: int
    year: int
    serial: int

    @property
    def text(self) -> str:
        """The sixteen digits."""
        return f"{self.region}{self.day:02}{self.month:02}{self.year:02}{self.serial:04}"

    def __str__(self) -> str:
        return mask(self.text)

    def __repr__(self) -> str:
        return f"FamilyCard({mask(self.text)})"


def parse_nik(text: str) -> Nik:
    """The parts of a NIK. Raises `ValueError` (which never shows the number) when the digits cannot be one."""
    region, day, month, year, serial = _parts(text)
    sex: Literal["male", "female"] = "female" if day > WOMEN_ADD else "male"
    if sex == "female":
        day -= WOMEN_ADD
    _check(day, month, year, serial)
    return Nik(region, day, month, year, sex, serial)


def parse_kk(text: str) -> FamilyCard:
    """The parts of a family-card number. Raises `ValueError` (which never shows the number) when the digits cannot be one."""
    region, day, month, year, serial = _parts(text)
    _check(day, month, year, serial)
    return FamilyCard(region, day, month, year, serial)


def is_nik(text: str) -> bool:
    """Can these be the digits of a NIK?"""
    try:
        parse_nik(text)
    except ValueError:
        return False
    return True


def typed(text: str) -> str:
    """What a person typed, without the spaces that set it in groups as on the card: `1271 0145 0290 0001`. Programs send it whole."""
    return text.replace(" ", "")


def mask(text: str) -> str:
    """What a screen may show: region and serial, `127101******0001`. Anything but sixteen digits is hidden whole."""
    return f"{text[:6]}******{text[12:]}" if _SIXTEEN.fullmatch(text) else "*" * 16


def _parts(text: str) -> tuple[str, int, int, int, int]:
    if not _SIXTEEN.fullmatch(text):
        raise ValueError("not sixteen digits")
    return text[:6], int(text[6:8]), int(text[8:10]), int(text[10:12]), int(text[12:])


def _check(day: int, month: int, year: int, serial: int) -> None:
    if serial == 0:
        raise ValueError("the serial is 0000")
    if not _dates(day, month, year):
        raise ValueError("no such date in any century")


def _dates(day: int, month: int, year: int) -> list[date]:
    found = []
    for century in (2000, 1900):
        try:
            found.append(date(century + year, month, day))
        except ValueError:
            continue
    return found
