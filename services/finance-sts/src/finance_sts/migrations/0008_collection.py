"""What was done to collect a late bill stands beside it; bills that are open now are collected from the release on.

The first step on each is due at once: a reminder, as of a bill that is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_collection"
down_revision = "0007_origin_of_revenue"


def upgrade() -> None:
    op.create_table(
        "collection_step",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_collection_step_bill_id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("outstanding", sa.BigInteger, nullable=False),
        sa.Column("number", sa.String),
        sa.Column("verify_code", sa.String),
        sa.Column("demand_id", sa.Uuid),
        sa.Column("payment_id", sa.Uuid),
        sa.Column("principal", sa.BigInteger),
        sa.Column("months_before", sa.Integer),
        sa.Column("months", sa.Integer),
        sa.Column("percent_per_month", sa.Numeric(5, 2)),
        sa.Column("cap_months", sa.Integer),
        sa.Column("interest", sa.BigInteger),
        sa.Column("legal_basis", sa.String),
        sa.UniqueConstraint("number", name="uq_collection_step_number"),
        sa.UniqueConstraint("payment_id", name="uq_collection_step_payment_id"),
        sa.CheckConstraint("kind IN ('reminder', 'warning_letter', 'demand')", name="kind"),
        sa.CheckConstraint("(kind = 'warning_letter') = (number IS NOT NULL)", name="numbered"),
        sa.CheckConstraint("(kind = 'demand') = (interest IS NOT NULL)", name="claims"),
        sa.CheckConstraint("interest > 0 AND principal > 0 AND months > months_before AND months <= cap_months", name="interest"),
    )
    op.create_index("ix_collection_step_bill_id", "collection_step", ["bill_id", "id"])
    once = sa.text("kind <> 'reminder' AND payment_id IS NULL")
    op.create_index("uq_collection_step_once", "collection_step", ["bill_id", "kind"], unique=True, postgresql_where=once)
    op.execute(
        "INSERT INTO due (kind, subject, at, attempts, status) SELECT 'bill_collection', id::text, now(), 0, 'due' "
        "FROM bill WHERE status IN ('issued', 'part_paid')"
    )
