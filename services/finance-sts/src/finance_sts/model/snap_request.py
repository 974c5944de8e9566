"""What a bank has asked by SNAP, so that a repetition gets the same answer."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.rules.snap_codes import PAYMENT
from smartcity.storage import Base


class SnapRequest(Base):
    """One X-EXTERNAL-ID of one partner and day, by the SNAP service it was used for; of a payment `status` and `answer` as they were sent."""

    __tablename__ = "snap_request"

    partner: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, object]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    service: Mapped[str] = mapped_column(default=PAYMENT, server_default=PAYMENT)


def lock_external_id(session: Session, partner: str, external_id: str) -> None:
    """The same id at once waits for the first."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": f"{partner}:{external_id}"})
