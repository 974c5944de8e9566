"""A NIK may come after the entry: from the national system, when it can be reached, and then it is noted in the entry's margin."""

import sqlalchemy as sa
from alembic import op

revision = "0015_awaited_niks"
down_revision = "0014_bundle"


def upgrade() -> None:
    op.alter_column("birth_record", "child_nik_index", nullable=True)
    op.alter_column("marginal_note", "act_id", nullable=True)
    table = "awaited_nik"
    op.create_table(
        table,
        sa.Column("record_id", sa.Uuid, sa.ForeignKey("birth_record.id", name=f"fk_{table}_record_id"), primary_key=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("nik_index", sa.LargeBinary),
        sa.Column("assigned_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("nik_index", name=f"uq_{table}_nik_index"),
    )
    op.create_index("ix_awaited_nik_queued_at", table, ["queued_at"], postgresql_where=sa.text("assigned_at IS NULL"))
