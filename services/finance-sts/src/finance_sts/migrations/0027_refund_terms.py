"""What was paid too much is decided, assessed and paid until a day; one that nobody decides counts as granted, one paid late bears interest.

Those that wait have their days from the day they were asked for; what was approved before it had an SKRDLB has no day for its payment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027_refund_terms"
down_revision = "0026_requests_of_a_payer"

MOMENT = sa.DateTime(timezone=True)
DECIDE_BY = "((now() AT TIME ZONE 'Asia/Jakarta')::date + interval '6 months')::date"


def upgrade() -> None:
    _columns()
    op.execute("UPDATE refund SET decide_by = ((requested_at AT TIME ZONE 'Asia/Jakarta')::date + interval '6 months')::date")
    op.execute("UPDATE refund SET pay_by = ((approved_at AT TIME ZONE 'Asia/Jakarta')::date + interval '2 months')::date")
    op.execute(
        "INSERT INTO due (kind, subject, at, attempts, status) "
        "SELECT 'refund_term', id::text, (decide_by + 1)::timestamp AT TIME ZONE 'Asia/Jakarta', 0, 'due' FROM refund WHERE status = 'requested'"
    )
    op.create_check_constraint("deemed", "refund", "(deemed_at IS NULL) = (assess_by IS NULL)")
    op.create_check_constraint(
        "late", "refund",
        "late_interest >= 0 AND (late_interest = 0 OR num_nulls(late_months, late_percent_per_month, late_legal_basis) = 0)",
    )  # fmt: skip
    op.create_index("ix_refund_waiting", "refund", ["act_by", "id"], postgresql_where=sa.text("status IN ('requested', 'approved')"))


def _columns() -> None:
    op.add_column("refund", sa.Column("decide_by", sa.Date, nullable=False, server_default=sa.text(DECIDE_BY)))
    op.add_column("refund", sa.Column("not_set_off_code", sa.String))
    op.add_column("refund", sa.Column("deemed_at", MOMENT))
    op.add_column("refund", sa.Column("assess_by", sa.Date))
    op.add_column("refund", sa.Column("pay_by", sa.Date))
    op.add_column(
        "refund", sa.Column("act_by", sa.Date, sa.Computed("coalesce(pay_by, assess_by, decide_by)", persisted=True), nullable=False)
    )
    op.add_column("refund", sa.Column("late_interest", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("refund", sa.Column("late_months", sa.Integer))
    op.add_column("refund", sa.Column("late_percent_per_month", sa.Numeric(5, 2)))
    op.add_column("refund", sa.Column("late_legal_basis", sa.String))
