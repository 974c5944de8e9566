"""Other cities' applications ask for what was filed, and what has happened, in a stretch of time."""

import sqlalchemy as sa
from alembic import op

revision = "0009_open311"
down_revision = "0007_duties_and_outages"
PUBLIC = "verified_at IS NOT NULL AND NOT confidential"


def upgrade() -> None:
    public = sa.text(PUBLIC)
    op.create_index("ix_complaint_public_received", "complaint", ["received_at", "id"], postgresql_where=public)
    op.create_index("ix_complaint_public_category_received", "complaint", ["category", "received_at", "id"], postgresql_where=public)
    op.create_index("ix_complaint_history_at", "complaint_history", ["at", "id"])
