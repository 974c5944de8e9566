"""Separation of duties: nobody does on one case what must be another's, not by a deputy and not as somebody's deputy.

Each duty done is kept with who did it and with everybody in whose name it counts: the doer, and each officer whose deputy
the doer was at that moment. Two acts are of different people only when these sets have nobody in common.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.errors import RuleBroken
from smartcity.http.auth import Actor
from smartcity.storage.entity import Base


class DutyDone(Base):
    """`sub` did `duty` on `subject`, and it counts as done by `person`. Append-only."""

    __tablename__ = "duty_done"

    subject: Mapped[str] = mapped_column(primary_key=True)
    duty: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    sub: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def done(session: Session, actor: Actor, subject: object, duty: str, now: datetime) -> None:
    """Keep that the actor did `duty` on `subject`, for themselves and for everybody they act for. Twice is once."""
    rows = [{"subject": str(subject), "duty": duty, "person": person, "sub": actor.sub, "at": now} for person in sorted(actor.acts_as)]
    session.execute(insert(DutyDone).on_conflict_do_nothing(), rows)


def hands(session: Session, subject: object, *duties: str) -> frozenset[str]:
    """Everybody as whose act one of `duties` on `subject` counts."""
    query = sa.select(DutyDone.person).where(DutyDone.subject == str(subject), DutyDone.duty.in_(duties))
    return frozenset(session.scalars(query))


def must_be_another(session: Session, actor: Actor, subject: object, *duties: str, code: str, **facts: Any) -> None:
    """Raises `RuleBroken(code)` where the actor, or somebody they act for, stands behind one of `duties` on `subject`."""
    if actor.acts_as & hands(session, subject, *duties):
        raise RuleBroken(code, **facts)
