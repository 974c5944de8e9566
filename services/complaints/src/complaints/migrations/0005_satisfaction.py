"""The questionnaire a reporter may fill in once the complaint is closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_satisfaction"
down_revision = "0004_moderation"


def upgrade() -> None:
    table = "satisfaction_survey"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("complaint_id", sa.Uuid, sa.ForeignKey("complaint.id", name=f"fk_{table}_complaint_id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("instrument", sa.String, nullable=False),
        sa.Column("scores", JSONB, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("complaint_id", name=f"uq_{table}_complaint_id"),
    )
    op.create_index(f"ix_{table}_office", table, ["office", "instrument", "given_at"])
    op.create_index(f"ix_{table}_instrument", table, ["instrument", "given_at"])
