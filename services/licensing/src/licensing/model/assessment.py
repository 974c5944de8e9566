"""The retribution as it was fixed, with everything needed to compute it again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from licensing.model.facts import Debt, RetributionAssessed, RetributionReassessed
from smartcity.storage import Base, uuid7


class Assessment(Base):
    """One fixing; the one with the highest position is in force, the earlier ones stay. `total` in whole rupiah."""

    __tablename__ = "assessment"
    __table_args__ = (sa.UniqueConstraint("application_id", "position"), sa.CheckConstraint("total >= 0", name="total"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    position: Mapped[int] = mapped_column(default=0)
    rule_set: Mapped[str]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    calculation: Mapped[dict[str, Any]] = mapped_column(JSONB)
    assessed_on: Mapped[date]
    assessed_at: Mapped[datetime]
    assessor_sub: Mapped[str]
    reason: Mapped[str | None] = mapped_column(default=None)

    def told(self, application_id: UUID, application_no: str, debt: Debt, previous: "Assessment | None") -> RetributionAssessed:
        """The fact that it was fixed; fixed anew where there is a `previous` one."""
        fixed = (application_id, application_no, self.id, self.assessed_on, self.total, self.rule_set, debt)
        if previous is None:
            return RetributionAssessed(*fixed)
        return RetributionReassessed(*fixed, previous.id, previous.total, self.reason or "")
