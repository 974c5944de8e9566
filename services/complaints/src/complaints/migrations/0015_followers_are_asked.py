"""Whoever follows a complaint is asked whether it is repaired once the office has answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015_followers_are_asked"
down_revision = "0014_promises"


def upgrade() -> None:
    op.add_column("complaint_follower", sa.Column("repaired", sa.Boolean))
    op.add_column("complaint_follower", sa.Column("spoke_at", sa.DateTime(timezone=True)))
    for name in ("repaired_count", "not_repaired_count"):
        op.add_column("complaint", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
