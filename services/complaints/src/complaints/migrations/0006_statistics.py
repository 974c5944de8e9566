"""Figures of a period read the complaints of that period alone."""

from alembic import op

revision = "0006_statistics"
down_revision = "0005_satisfaction"


def upgrade() -> None:
    op.create_index("ix_complaint_received_at", "complaint", ["received_at"])
