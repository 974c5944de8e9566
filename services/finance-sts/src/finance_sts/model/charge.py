"""The charge: everything billed for one reference. Locked first by whoever bills, pays or refunds for it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model.facts import Reference
from smartcity.storage import Base


class Charge(Base):
    """One reference: which of the charging service's facts is in force, and how much usable money has come in for it.

    `last_sequence` is the newest fact heard: an older one that comes late changes nothing. Money in whole rupiah.
    """

    __tablename__ = "charge"
    __table_args__ = (sa.CheckConstraint("received >= 0", name="received"),)

    service: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    reference_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_sequence: Mapped[int] = mapped_column(default=0)
    assessed: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    received: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @property
    def reference(self) -> Reference:
        return Reference(self.service, self.kind, self.reference_id)

    def newer(self, sequence: int) -> bool:
        """Take a fact of the charging service as the newest; `False` for one that came late."""
        if sequence <= self.last_sequence:
            return False
        self.last_sequence = sequence
        return True


def lock_charge(session: Session, reference: Reference) -> Charge:
    """The charge of `reference`, locked; made where it is the first time."""
    key = {"service": reference.service, "kind": reference.kind, "reference_id": reference.id}
    session.execute(
        insert(Charge.__table__).values(**key, last_sequence=0, assessed=0, received=0).on_conflict_do_nothing()  # type: ignore[arg-type]
    )
    return session.get_one(Charge, tuple(key.values()), with_for_update=True, populate_existing=True)
