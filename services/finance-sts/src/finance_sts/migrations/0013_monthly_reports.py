"""The treasurer's monthly accountability report, made by due work when a month is over."""

import sqlalchemy as sa
from alembic import op

revision = "0013_monthly_reports"
down_revision = "0012_cash_in_hand"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "monthly_report",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("opening", "received", "deposited", "closing")),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("signed_by", sa.String),
        sa.Column("signed_at", MOMENT),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("verify_code", sa.String),
        sa.UniqueConstraint("office", "month", name="uq_monthly_report_office_month"),
        sa.CheckConstraint("status IN ('draft', 'signed')", name="status"),
        sa.CheckConstraint("opening + received - deposited = closing", name="balanced"),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL) AND (status = 'signed') = (signed_by IS NOT NULL)", name="signed"
        ),
    )
    op.create_index("ix_monthly_report_office", "monthly_report", ["office", "id"])
    op.create_index("ix_monthly_report_unsigned", "monthly_report", ["due_on"], postgresql_where=sa.text("status = 'draft'"))
    op.execute("INSERT INTO due (kind, subject, at, attempts, status) VALUES ('make_monthly_reports', 'all', now(), 0, 'due')")
