"""Gapless numbers a person reads: per kind, office and period. Taken as the last statement before the commit."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.storage.entity import Base


class NumberSeries(Base):
    """The last number given of one series."""

    __tablename__ = "number_series"

    kind: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(sa.BigInteger)


_NEXT = sa.text(
    "INSERT INTO number_series (kind, office, period, last) VALUES (:kind, :office, :period, 1) "
    "ON CONFLICT (kind, office, period) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


def next_number(session: Session, kind: str, office: str, period: str) -> int:
    """The next number of the series, from 1. A rollback gives it back; two at once wait for each other's commit."""
    return session.execute(_NEXT, {"kind": kind, "office": office, "period": period}).scalar_one()


def official_number(session: Session, series: str, office: str, year: int, kind: str = "") -> str:
    """The next number as it stands on papers: `SSRD/DPMPTSP/2026/000017`. `kind` names the counter where it is not called as the series."""
    return f"{series}/{office}/{year}/{next_number(session, kind or series, office, str(year)):06}"
