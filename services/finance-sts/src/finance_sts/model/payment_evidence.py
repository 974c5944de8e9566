"""The evidence of a transfer that a payer shows at the counter."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Aggregate


class PaymentEvidence(Aggregate):
    """A file of the office that took it, for one payment (`Payment.evidence_id`): every receipt is backed by evidence, PP 12/2019 Pasal 137(3)."""

    __tablename__ = "payment_evidence"
    __table_args__ = (sa.Index("ix_payment_evidence_file_id", "file_id"),)

    office: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
