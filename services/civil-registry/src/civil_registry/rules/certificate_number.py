"""The number of a certificate and its register entry: `1271-LU-12022026-0001` (layout of the Permendagri 109/2019 era)."""

import re
from dataclasses import dataclass
from datetime import date, datetime

MOST = 9_999
_SHAPE = re.compile(r"([0-9]{4})-([A-Z]{2})-([0-9]{8})-([0-9]{4})", re.ASCII)


@dataclass(frozen=True)
class CertificateNumber:
    """`region`: four digits of the city; `mark`: LU in time, LT late; `day` of registration; `serial` of that mark and day, from 1.

    Raises `ValueError` for a serial beyond four digits: the layout has no room for it.
    """

    region: str
    mark: str
    day: date
    serial: int

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= MOST:
            raise ValueError(f"a serial is between 1 and {MOST}")

    @property
    def text(self) -> str:
        """As printed."""
        return f"{self.region}-{self.mark}-{day_text(self.day)}-{self.serial:04}"


def day_text(day: date) -> str:
    """DDMMYYYY."""
    return f"{day.day:02}{day.month:02}{day.year:04}"


def parse_certificate_number(text: str) -> CertificateNumber:
    """The number taken apart; raises `ValueError`."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("not a certificate number")
    region, mark, day, serial = found.groups()
    return CertificateNumber(region, mark, datetime.strptime(day, "%d%m%Y").date(), int(serial))
