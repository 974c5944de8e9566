"""What a bank has begun and not concluded is kept until it is known; those of QRIS that are being asked for already are taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0023_payment_questions"
down_revision = "0022_root_keys"
CHANNELS = "'virtual_account', 'qris', 'counter_cash', 'counter_card', 'counter_transfer', 'credit'"


def upgrade() -> None:
    op.create_table(
        "payment_question",
        sa.Column("partner", sa.String, primary_key=True),
        sa.Column("about", sa.String, primary_key=True),
        sa.Column("reference", sa.String, primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.CheckConstraint(f"channel IN ({CHANNELS})", name="channel"),
    )
    op.create_index("ix_payment_question_since", "payment_question", ["since"])
    op.execute(
        "INSERT INTO payment_question (partner, about, reference, channel, since, asked) "
        "SELECT split_part(subject, ' ', 1), split_part(subject, ' ', 2), split_part(subject, ' ', 3), 'qris', now(), 0 "
        "FROM due WHERE kind = 'finance-sts.ask-acquirer'"
    )
