"""The clock of an answer may be moved once, and planned works stand beside the complaint."""

import sqlalchemy as sa
from alembic import op

revision = "0014_promises"
down_revision = "0013_verify_by"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("extended_at", sa.DateTime(timezone=True)))
    op.add_column("complaint", sa.Column("planned_reference", sa.String))
    op.add_column("complaint", sa.Column("planned_for", sa.Date))
    op.create_check_constraint("planned", "complaint", "(planned_reference IS NULL) = (planned_for IS NULL)")
