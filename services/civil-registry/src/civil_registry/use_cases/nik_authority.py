"""Who gives a newborn its NIK. In Indonesia that is the national population system; the one here is for demonstration."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from civil_registry.rules.child_nik import numbered, series_of
from smartcity.storage import next_number


@dataclass(frozen=True)
class Newborn:
    """Whom the number is for: `region` has six digits, that of the kecamatan where the child will be listed."""

    region: str
    born_on: date
    sex: Literal["male", "female"]


class NikAuthority(Protocol):
    """The place to plug in the national system."""

    def assign(self, session: Session, newborn: Newborn) -> str:
        """A NIK never given before."""
        ...


class EmbeddedAuthority:
    """Counts without gaps per region, day and sex, in the registering transaction. Its numbers are invented."""

    def assign(self, session: Session, newborn: Newborn) -> str:
        """The next number of the series; raises `ValueError` when a series of 9,999 is used up."""
        series = series_of(newborn.region, newborn.born_on, newborn.sex)
        return numbered(series, next_number(session, "NIK", newborn.region, series[6:]))


AUTHORITY: NikAuthority = EmbeddedAuthority()
