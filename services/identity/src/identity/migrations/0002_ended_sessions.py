"""The sessions that ended lately are read every two seconds by each gateway."""

import sqlalchemy as sa
from alembic import op

revision = "0002_ended_sessions"
down_revision = "0001_initial"


def upgrade() -> None:
    op.create_index("ix_account_session_ended_at", "account_session", ["ended_at"], postgresql_where=sa.text("ended_at IS NOT NULL"))
