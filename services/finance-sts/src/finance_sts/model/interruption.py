"""What starts the limitation of a debt anew."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model.facts import Reference
from smartcity.storage import Base, states


class Cause(StrEnum):
    WARNING_LETTER = "warning_letter"
    INSTALMENT = "instalment"
    OBJECTION = "objection"


class Interruption(Base):
    """A Surat Teguran, or an acknowledgement of the debt (UU 28/2009 Pasal 167(2)). Of the thing charged for: it outlives a replaced bill."""

    __tablename__ = "limitation_interruption"

    ref_service: Mapped[str] = mapped_column(primary_key=True)
    ref_kind: Mapped[str] = mapped_column(primary_key=True)
    ref_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[Cause] = mapped_column(states(Cause, "cause"), primary_key=True)


def keep(session: Session, reference: Reference, day: date, cause: Cause) -> None:
    """Keep it; twice is once."""
    row = {"ref_service": reference.service, "ref_kind": reference.kind, "ref_id": reference.id, "day": day, "cause": cause}
    session.execute(insert(Interruption).on_conflict_do_nothing(), row)


def days_of(session: Session, reference: Reference) -> list[date]:
    """The days on which the limitation of what is owed for `reference` was interrupted."""
    mine = (Interruption.ref_service == reference.service, Interruption.ref_kind == reference.kind, Interruption.ref_id == reference.id)
    return list(session.scalars(sa.select(Interruption.day).where(*mine)))
