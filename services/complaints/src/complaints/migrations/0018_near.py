"""What is near is looked for among the open ones alone, and a kelurahan's complaints of one kind have their own order."""

import sqlalchemy as sa
from alembic import op

revision = "0018_near"
down_revision = "0017_open311_resends"
PUBLIC = "verified_at IS NOT NULL AND NOT confidential"
OPEN = "status IN ('answered', 'disposed', 'in_progress', 'needs_completion', 'received')"


def upgrade() -> None:
    op.create_index(
        "ix_complaint_open_place",
        "complaint",
        [sa.text("point(longitude, latitude)")],
        postgresql_using="gist",
        postgresql_where=sa.text(f"{PUBLIC} AND {OPEN}"),
    )
    op.create_index(
        "ix_complaint_public_kelurahan_category", "complaint", ["kelurahan_code", "category", "id"], postgresql_where=sa.text(PUBLIC)
    )
