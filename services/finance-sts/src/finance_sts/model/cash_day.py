"""The cash day of an office: closed by a second person, and sealed."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model import facts
from smartcity.storage import Aggregate


class CashDay(Aggregate):
    """open → closed; that the bank agrees stands in its `Reconciliation`. An open day has no row, so that no payment waits for one.

    A closed day, and every day before it, refuses entries. Soon after closing it is sealed: `seal` covers its entries and `previous`,
    the seal of the office's closed day before (`rules.seals`).
    """

    __tablename__ = "closed_day"
    __table_args__ = (
        sa.UniqueConstraint("office", "day", name="uq_closed_day_office_day"),
        sa.CheckConstraint(
            "(seal IS NULL) = (sealed_at IS NULL) AND (seal IS NULL) = (previous IS NULL) AND (seal IS NULL) = (entries IS NULL)",
            name="sealed_whole",
        ),
        sa.Index("ix_closed_day_unsealed", "office", "day", postgresql_where=sa.text("seal IS NULL")),
    )

    office: Mapped[str]
    day: Mapped[date]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]
    received: Mapped[int] = mapped_column(sa.BigInteger)
    deposited: Mapped[int] = mapped_column(sa.BigInteger)
    entries: Mapped[int | None] = mapped_column(default=None)
    previous: Mapped[bytes | None] = mapped_column(default=None)
    seal: Mapped[bytes | None] = mapped_column(default=None)
    sealed_at: Mapped[datetime | None] = mapped_column(default=None)

    def tell_closing(self) -> None:
        """Say that nothing of the day changes any more."""
        self.note(facts.DayClosed(self.id, self.office, self.day, self.received, self.deposited, self.closed_at))

    def keep_seal(self, previous: bytes, seal: bytes, entries: int, now: datetime) -> None:
        """The day is sealed, for good."""
        self.previous, self.seal, self.entries, self.sealed_at = previous, seal, entries, now


def lock_day(session: Session, office: str, day: date, *, to_close: bool = False) -> None:
    """Whoever books on a day shares it; who closes it waits for all of them and lets nobody in until the commit."""
    lock = sa.text(f"SELECT pg_advisory_xact_lock{'' if to_close else '_shared'}(hashtextextended(:key, 0))")
    session.execute(lock, {"key": f"cash day {office} {day}"})


def lock_to_close(session: Session, office: str, day: date) -> None:
    """Also whoever began before midnight to book on the day before is waited for."""
    for one in (day - timedelta(days=1), day):
        lock_day(session, office, one, to_close=True)


def closed_day(session: Session, office: str, day: date) -> CashDay | None:
    """The day, where it is closed."""
    return session.scalar(sa.select(CashDay).where(CashDay.office == office, CashDay.day == day))


def last_closed(session: Session, office: str) -> date | None:
    """The office's last closed day: it and all before take no more entries."""
    return session.scalar(sa.select(sa.func.max(CashDay.day)).where(CashDay.office == office))


def sealed_before(session: Session, office: str, day: date) -> CashDay | None:
    """The office's last sealed day before `day`."""
    mine = sa.select(CashDay).where(CashDay.office == office, CashDay.day < day, CashDay.seal.is_not(None))
    return session.scalar(mine.order_by(CashDay.day.desc()).limit(1))
