"""Numbers a person reads, gapless per office and year: `PBG/DPMPTSP/2026/000017`. Taken last before the commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from smartcity.calendar import day_of
from smartcity.storage import official_number


def application_number(session: Session, permit_type: str, office: str, now: datetime) -> str:
    """The next number of an application of this type."""
    return _number(session, f"P-{permit_type}", office, now)


def permit_number(session: Session, permit_type: str, office: str, now: datetime) -> str:
    """The next number of a permit of this type."""
    return _number(session, permit_type, office, now)


def inspection_number(session: Session, office: str, now: datetime) -> str:
    """The next number of an inspection."""
    return _number(session, "INSPEKSI", office, now)


def _number(session: Session, kind: str, office: str, now: datetime) -> str:
    return official_number(session, kind, office, day_of(now).year)
