"""What is lent to a deputy is lent for a day; and the clocks that run are read case by case, in portions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022_lent_roles_and_portions"
down_revision = "0021_assignments"

RUNNING = sa.text("since IS NOT NULL")


def upgrade() -> None:
    op.add_column("officer", sa.Column("lent_roles", JSONB, nullable=False, server_default="[]"))
    op.add_column("officer", sa.Column("lent_on", sa.Date))
    op.create_index("ix_step_clock_case", "step_clock", ["application_id"], postgresql_where=RUNNING)
    op.create_index("ix_clearance_case", "clearance", ["application_id"], postgresql_where=RUNNING)
