"""A photo is public only after somebody of the city has looked at it; what nobody has looked at waits in a queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004_moderation"
down_revision = "0003_answers"


def upgrade() -> None:
    op.add_column("complaint_photo", sa.Column("review", sa.String(40), nullable=False, server_default="unread"))
    op.create_check_constraint("review", "complaint_photo", "review IN ('unread', 'shown', 'hidden')")
    op.execute(
        "UPDATE complaint_photo SET review = 'shown' FROM complaint "
        "WHERE complaint.id = complaint_id AND (kind = 'proof' OR uploaded_at <= verified_at)"
    )
    op.add_column("complaint", sa.Column("unread_photos", sa.Integer, nullable=False, server_default="0"))
    op.execute(
        "UPDATE complaint SET unread_photos = "
        "(SELECT count(*) FROM complaint_photo WHERE complaint_id = complaint.id AND review = 'unread')"
    )
    unread = sa.text("unread_photos > 0 AND verified_at IS NOT NULL")
    op.create_index("ix_complaint_moderation", "complaint", ["id"], postgresql_where=unread)
