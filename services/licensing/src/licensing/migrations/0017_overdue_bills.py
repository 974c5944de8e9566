"""What the treasury tells of a bill that was not paid in time."""

import sqlalchemy as sa
from alembic import op

revision = "0017_overdue_bills"
down_revision = "0016_lost_minutes"


def upgrade() -> None:
    op.add_column("bill_notice", sa.Column("overdue", sa.Boolean, nullable=False, server_default=sa.false()))
