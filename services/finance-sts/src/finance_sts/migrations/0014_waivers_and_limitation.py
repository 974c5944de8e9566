"""Relief, exemption and write-off are asked and decided; every bill knows until when it may be collected.

A bill that is there may be collected for three years from its issue (UU 28/2009 Pasal 167): nothing has interrupted that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_waivers_and_limitation"
down_revision = "0013_monthly_reports"

MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("status = 'requested'")


def upgrade() -> None:
    _limitation()
    _waiver()


def _limitation() -> None:
    for name in ("arose_on", "limitation_on"):
        op.add_column("bill", sa.Column(name, sa.Date))
    for name in ("barred_at", "written_off_at"):
        op.add_column("bill", sa.Column(name, MOMENT))
    op.execute("UPDATE bill SET arose_on = (issued_at AT TIME ZONE 'Asia/Jakarta')::date")
    op.execute("UPDATE bill SET limitation_on = (arose_on + interval '3 years')::date")
    op.execute(
        "INSERT INTO due (kind, subject, at, attempts, status) "
        "SELECT 'bill_limitation', id::text, (limitation_on + 1)::timestamp AT TIME ZONE 'Asia/Jakarta', 0, 'due' "
        "FROM bill WHERE status IN ('issued', 'part_paid')"
    )
    op.create_table(
        "limitation_interruption",
        sa.Column("ref_service", sa.String, primary_key=True),
        sa.Column("ref_kind", sa.String, primary_key=True),
        sa.Column("ref_id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("cause", sa.String(40), primary_key=True),
        sa.CheckConstraint("cause IN ('warning_letter', 'instalment', 'objection')", name="cause"),
    )


def _waiver() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_waiver_bill_id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("reason_code", sa.String, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", MOMENT),
        sa.Column("decision_no", sa.String),
        sa.Column("refusal_code", sa.String),
        sa.CheckConstraint("kind IN ('relief', 'exemption', 'write_off')", name="kind"),
        sa.CheckConstraint("status IN ('requested', 'granted', 'refused')", name="status"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        sa.CheckConstraint("(status = 'requested') = (decided_by IS NULL)", name="decided"),
    )
    op.create_index("ix_waiver_bill_id", "waiver", ["bill_id", "id"])
    op.create_index("ix_waiver_waiting", "waiver", ["id"], postgresql_where=WAITING)
    op.create_index("uq_waiver_waiting", "waiver", ["bill_id"], unique=True, postgresql_where=WAITING)
