"""An office says which of its officers has a complaint in hand, and what the repair cost and took."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022_work"
down_revision = "0021_map_counts"

WAITING = "status IN ('received', 'disposed', 'in_progress')"


def upgrade() -> None:
    table = "complaint"
    op.add_column(table, sa.Column("assignee_sub", sa.String))
    op.add_column(table, sa.Column("cost", sa.BigInteger))
    op.add_column(table, sa.Column("materials", JSONB, nullable=False, server_default="[]"))
    op.create_check_constraint("cost", table, "cost IS NULL OR cost >= 0")
    op.create_index("ix_complaint_assignee", table, ["assignee_sub", "deadline", "id"], postgresql_where=sa.text(WAITING))
