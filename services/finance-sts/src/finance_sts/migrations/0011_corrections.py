"""Corrections: a new entry of the books, proposed by one person and decided by another."""

import sqlalchemy as sa
from alembic import op

revision = "0011_corrections"
down_revision = "0010_sealed_days"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("corrects", sa.Uuid, sa.ForeignKey("ledger_entry.id", name="fk_correction_corrects"), nullable=False),
        sa.Column("reason_code", sa.String, nullable=False),
        sa.Column("proposed_by", sa.String, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", MOMENT),
        sa.Column("entry_id", sa.Uuid, sa.ForeignKey("ledger_entry.id", name="fk_correction_entry_id")),
        sa.CheckConstraint("status IN ('proposed', 'posted', 'rejected')", name="status"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(status = 'posted') = (entry_id IS NOT NULL) AND (status = 'proposed') = (decided_by IS NULL)", name="decided"),
    )
    op.create_index("ix_correction_office", "correction", ["office", "id"])
    op.create_index("ix_correction_corrects", "correction", ["corrects"])
    op.create_index("ix_correction_entry_id", "correction", ["entry_id"])
    op.create_table(
        "correction_line",
        sa.Column("correction_id", sa.Uuid, sa.ForeignKey("correction.id", name="fk_correction_line_correction_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("account_code", sa.String, nullable=False),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
        sa.CheckConstraint("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"),
    )
