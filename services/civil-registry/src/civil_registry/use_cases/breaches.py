"""How many reports have waited longer than the office promises, and longer than the law allows."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from civil_registry.model.birth_registration import WAITING, BirthRegistration


def promised_late(session: Session, now: datetime) -> float:
    """Reports past the day the office promised."""
    return _late(session, BirthRegistration.deadline, now)


def lawful_late(session: Session, now: datetime) -> float:
    """Reports past the day of UU 23/2006 Pasal 69(3)."""
    return _late(session, BirthRegistration.legal_deadline, now)


def _late(session: Session, last: InstrumentedAttribute[datetime | None], now: datetime) -> float:
    waiting = sa.select(sa.func.count()).select_from(BirthRegistration).where(sa.text(WAITING), last < now)
    return float(session.scalar(waiting) or 0)


BREACHED = {"promised": promised_late, "lawful": lawful_late}
