"""What was paid too much gets an SKRDLB, may bear interest, and may settle another bill of its payer.

Refunds that were approved before have no SKRDLB and none is made up for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_overpayments"
down_revision = "0015_objections"

CHANNELS = "'virtual_account', 'qris', 'counter_cash', 'counter_card', 'counter_transfer'"


def upgrade() -> None:
    op.add_column("refund", sa.Column("number", sa.String))
    op.add_column("refund", sa.Column("verify_code", sa.String))
    op.add_column("refund", sa.Column("approved_at", sa.DateTime(timezone=True)))
    op.add_column("refund", sa.Column("objection_id", sa.Uuid, sa.ForeignKey("objection.id", name="fk_refund_objection_id")))
    op.add_column("refund", sa.Column("interest", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("refund", sa.Column("interest_months", sa.Integer))
    op.add_column("refund", sa.Column("percent_per_month", sa.Numeric(5, 2)))
    op.add_column("refund", sa.Column("legal_basis", sa.String))
    op.add_column("refund", sa.Column("credit_to", sa.Uuid, sa.ForeignKey("bill.id", name="fk_refund_credit_to")))
    op.add_column("refund", sa.Column("credited", sa.BigInteger, nullable=False, server_default="0"))
    op.create_unique_constraint("uq_refund_number", "refund", ["number"])
    op.create_index("ix_refund_objection_id", "refund", ["objection_id"])
    op.create_index("ix_refund_credit_to", "refund", ["credit_to"])
    _checks()


def _checks() -> None:
    op.create_check_constraint(
        "parts", "refund", "interest >= 0 AND credited BETWEEN 0 AND amount + interest AND (credited = 0 OR credit_to IS NOT NULL)"
    )
    op.create_check_constraint("borne", "refund", "interest = 0 OR num_nulls(interest_months, percent_per_month, legal_basis) = 0")
    op.create_check_constraint(
        "assessed", "refund", "(number IS NULL) = (verify_code IS NULL) AND (number IS NULL) = (approved_at IS NULL)"
    )
    op.drop_constraint(op.f("ck_refund_status"), "refund")
    op.create_check_constraint("status", "refund", "status IN ('requested', 'approved', 'paid', 'credited')")
    op.drop_constraint(op.f("ck_payment_channel"), "payment")
    op.create_check_constraint("channel", "payment", f"channel IN ({CHANNELS}, 'credit')")
