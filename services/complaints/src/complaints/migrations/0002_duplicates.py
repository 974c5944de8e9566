"""A duplicate leads to its original, and whoever wants to hear of a complaint follows it."""

import sqlalchemy as sa
from alembic import op

revision = "0002_duplicates"
down_revision = "0001_initial"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("duplicate_of", sa.Uuid))
    op.create_foreign_key("fk_complaint_duplicate_of", "complaint", "complaint", ["duplicate_of"], ["id"])
    op.create_check_constraint("duplicate", "complaint", "duplicate_of IS NULL OR (status = 'archived' AND duplicate_of <> id)")
    op.create_index("ix_complaint_duplicate_of", "complaint", ["duplicate_of", "id"], postgresql_where=sa.text("duplicate_of IS NOT NULL"))
    op.create_table(
        "complaint_follower",
        sa.Column("sub", sa.String, primary_key=True),
        sa.Column("complaint_id", sa.Uuid, sa.ForeignKey("complaint.id", name="fk_complaint_follower_complaint_id"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_complaint_follower_complaint_id", "complaint_follower", ["complaint_id"])
