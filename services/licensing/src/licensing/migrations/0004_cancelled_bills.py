"""A bill that no longer asks for payment."""

import sqlalchemy as sa
from alembic import op

revision = "0004_cancelled_bills"
down_revision = "0003_step_clocks"


def upgrade() -> None:
    op.add_column("bill_notice", sa.Column("cancelled_at", sa.DateTime(timezone=True)))
