"""Who gives a newborn its NIK: the national population system where its address is set, else one of our own for demonstration."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from civil_registry.rules.child_nik import numbered, series_of
from smartcity.partner import address
from smartcity.settings import Settings
from smartcity.storage import next_number


@dataclass(frozen=True)
class Newborn:
    """Whom the number is for: `region` has six digits, that of the kecamatan where the child will be listed."""

    region: str
    born_on: date
    sex: Literal["male", "female"]


class AuthorityAway(Exception):
    """It cannot be reached, or answered what cannot be understood; asked again later. Names the reason by a code."""


class NikAuthority(Protocol):
    """The place to plug in another system."""

    def assign(self, session: Session, newborn: Newborn) -> str | None:
        """A NIK never given before, or `None` where it is to be asked for after the registration."""
        ...

    def ask(self, reference: str, newborn: Newborn) -> str | None:
        """The NIK for `reference`, the same at every question; `None` while it is not given yet. Raises `AuthorityAway`."""
        ...


class EmbeddedAuthority:
    """Counts without gaps per region, day and sex, in the registering transaction. Its numbers are invented."""

    def assign(self, session: Session, newborn: Newborn) -> str:
        """The next number of the series; raises `ValueError` when a series of 9,999 is used up."""
        series = series_of(newborn.region, newborn.born_on, newborn.sex)
        return numbered(series, next_number(session, "NIK", newborn.region, series[6:]))

    def ask(self, reference: str, newborn: Newborn) -> str | None:
        """Nothing to ask: what waits was queued for another authority, and is given when that is set again."""
        raise AuthorityAway("not-configured")


_chosen: list[NikAuthority] = [EmbeddedAuthority()]


def authority() -> NikAuthority:
    """The one of this process."""
    return _chosen[0]


def choose(other: NikAuthority) -> None:
    """Put another in its place."""
    _chosen[0] = other


def configure(config: Settings) -> None:
    """Read `NIK_AUTHORITY_URL`; opens nothing. Raises `SettingsError` for an address that is none."""
    from civil_registry.use_cases.national_population import NationalPopulation  # here, so that it may know what an authority is

    url = address(config, "NIK_AUTHORITY_URL")
    choose(NationalPopulation(url, config.extra["NIK_AUTHORITY_TOKEN"]) if url else EmbeddedAuthority())
