"""What a payer shows of a transfer is kept with its payment. Transfers taken before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0019_payment_evidence"
down_revision = "0017_overpayments"


def upgrade() -> None:
    op.create_table(
        "payment_evidence",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name="fk_payment_evidence_file_id"), nullable=False),
        sa.Column("uploaded_by", sa.String, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_payment_evidence_file_id", "payment_evidence", ["file_id"])
    op.add_column("payment", sa.Column("evidence_id", sa.Uuid, sa.ForeignKey("payment_evidence.id", name="fk_payment_evidence_id")))
    op.create_unique_constraint("uq_payment_evidence_id", "payment", ["evidence_id"])
