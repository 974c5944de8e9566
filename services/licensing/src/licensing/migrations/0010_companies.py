"""For which company a person acted; and what a company asks: its applications and permits by state."""

import sqlalchemy as sa
from alembic import op

revision = "0010_companies"
down_revision = "0009_clearances"


def upgrade() -> None:
    op.add_column("application_history", sa.Column("company_sub", sa.String))
    op.create_index("ix_permit_application_owner_status", "permit_application", ["owner_sub", "status", "id"])
    op.create_index("ix_permit_owner_status", "permit", ["owner_sub", "status"])
