"""A person's cases come page by page: so do the permits that they were reminded to renew."""

import sqlalchemy as sa
from alembic import op

revision = "0026_renewals_due"
down_revision = "0025_document_keys"


def upgrade() -> None:
    op.create_index(
        "ix_permit_renewal_due",
        "permit",
        ["owner_sub", "id"],
        postgresql_where=sa.text("status = 'active' AND valid_until IS NOT NULL AND reminded_at IS NOT NULL AND successor_id IS NULL"),
    )
