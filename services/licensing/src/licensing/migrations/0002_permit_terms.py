"""A business applies with its NIB; a permit may end."""

import sqlalchemy as sa
from alembic import op

revision = "0002_permit_terms"
down_revision = "0001_initial"


def upgrade() -> None:
    op.add_column("permit_application", sa.Column("nib", sa.LargeBinary))
    op.add_column("permit", sa.Column("valid_until", sa.Date))
    op.create_check_constraint("expired", "permit", "status <> 'expired' OR valid_until IS NOT NULL")
