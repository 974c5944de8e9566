"""A bill may be paid in instalments by agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0009_instalments"
down_revision = "0008_collection"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "instalment_agreement",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_instalment_agreement_bill_id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("paid_before", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", MOMENT),
        sa.CheckConstraint("status IN ('requested', 'in_force', 'kept', 'refused', 'ended')", name="status"),
        sa.CheckConstraint("(status = 'requested') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
    )
    op.create_index("ix_instalment_agreement_bill_id", "instalment_agreement", ["bill_id", "id"])
    running = sa.text("status IN ('requested', 'in_force')")
    op.create_index("uq_instalment_agreement_running", "instalment_agreement", ["bill_id"], unique=True, postgresql_where=running)
    op.create_table(
        "instalment",
        sa.Column("agreement_id", sa.Uuid, sa.ForeignKey("instalment_agreement.id", name="fk_instalment_agreement_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
