"""An X-EXTERNAL-ID belongs to one SNAP service: inquiry and status use it up too. What is there was used for payments."""

import sqlalchemy as sa
from alembic import op

revision = "0003_snap_services"
down_revision = "0002_part_payments"


def upgrade() -> None:
    op.add_column("snap_request", sa.Column("service", sa.String, nullable=False, server_default="25"))
