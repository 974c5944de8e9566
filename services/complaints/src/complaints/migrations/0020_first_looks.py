"""A machine may look first at words and photos; what it doubts waits in the queue of what a person must look at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020_first_looks"
down_revision = "0019_root_keys"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    table = "first_look"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("complaint_id", sa.Uuid, sa.ForeignKey("complaint.id", name="fk_first_look_complaint_id"), nullable=False),
        sa.Column("photo_id", sa.Uuid, sa.ForeignKey("complaint_photo.id", name="fk_first_look_photo_id")),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint("settled_at IS NULL OR looked_at IS NOT NULL", name="settled"),
    )
    op.create_index("ix_first_look_complaint_id", table, ["complaint_id", "id"])
    op.create_index("ix_first_look_photo_id", table, ["photo_id"])
    op.create_index("ix_first_look_queued_at", table, ["queued_at"], postgresql_where=sa.text("looked_at IS NULL"))
    op.add_column("complaint", sa.Column("doubts", sa.Integer, nullable=False, server_default="0"))
    to_look_at = sa.text("unread_photos > 0 AND verified_at IS NOT NULL OR doubts > 0")
    op.drop_index("ix_complaint_moderation", "complaint")
    op.create_index("ix_complaint_moderation", "complaint", ["id"], postgresql_where=to_look_at)
