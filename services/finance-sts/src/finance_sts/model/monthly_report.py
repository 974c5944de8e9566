"""Laporan pertanggungjawaban Bendahara Penerimaan: what an office's treasurer received and deposited in a month."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from finance_sts.model import facts
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states


class ReportStatus(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


class MonthlyReport(Aggregate):
    """draft → signed. Made when the month is over; to be signed by `due_on`, the 10th (PP 12/2019 Pasal 139(2)-(3)).

    `month` is its first day. Amounts in whole rupiah; `opening` and `closing` are what was in hand.
    """

    __tablename__ = "monthly_report"
    __table_args__ = (
        sa.UniqueConstraint("office", "month", name="uq_monthly_report_office_month"),
        sa.CheckConstraint("opening + received - deposited = closing", name="balanced"),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL) AND (status = 'signed') = (signed_by IS NOT NULL)", name="signed"
        ),
        sa.Index("ix_monthly_report_office", "office", "id"),
        sa.Index("ix_monthly_report_unsigned", "due_on", postgresql_where=sa.text("status = 'draft'")),
    )

    office: Mapped[str]
    month: Mapped[date]
    made_at: Mapped[datetime]
    due_on: Mapped[date]
    opening: Mapped[int] = mapped_column(sa.BigInteger)
    received: Mapped[int] = mapped_column(sa.BigInteger)
    deposited: Mapped[int] = mapped_column(sa.BigInteger)
    closing: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[ReportStatus] = mapped_column(states(ReportStatus), default=ReportStatus.DRAFT)
    signed_by: Mapped[str | None] = mapped_column(default=None)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    verify_code: Mapped[str | None] = mapped_column(default=None)

    def sign(self, who: str, verify_code: str, now: datetime) -> None:
        """The treasurer answers for it; after the 10th it is flagged."""
        if self.status is ReportStatus.SIGNED:
            raise RuleBroken("report-signed")
        self.late = day_of(now) > self.due_on
        self.status, self.signed_by, self.signed_at, self.verify_code = ReportStatus.SIGNED, who, now, verify_code
        self.note(facts.MonthlyReportSigned(self.id, self.office, self.month, self.received, self.deposited, self.due_on, now, self.late))
