"""Of a payment that a bank has told and we could not keep its own number is known, not only that of an inquiry."""

import sqlalchemy as sa
from alembic import op

revision = "0028_told_payments"
down_revision = "0027_refund_terms"


def upgrade() -> None:
    op.add_column("payment_question", sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()))
