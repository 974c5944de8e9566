"""A form that came by Open311, for as long as the same one again is a resend."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted


class Open311Filing(Base):
    """`fingerprint`: of the form with the application that sent it, 32 bytes; the complaint it became, and the token that was answered."""

    __tablename__ = "open311_filing"
    __table_args__ = (sa.Index("ix_open311_filing_complaint_id", "complaint_id"),)

    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"))
    token: Mapped[str] = mapped_column(Encrypted)
    filed_at: Mapped[datetime]
