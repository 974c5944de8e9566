"""Minutes of a clock in which the suite itself was down: they are given back."""

import sqlalchemy as sa
from alembic import op

revision = "0016_lost_minutes"
down_revision = "0015_lists_by_state"


def upgrade() -> None:
    for table in ("step_clock", "clearance"):
        op.add_column(table, sa.Column("lost", sa.Integer, nullable=False, server_default="0"))
