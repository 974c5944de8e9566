"""The address that a person left at the office is erased once it serves nothing: those that are due are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0017_addresses_done_with"
down_revision = "0016_closures"


def upgrade() -> None:
    op.create_index(
        "ix_account_closure_with_address", "account_closure", ["decided_at"], postgresql_where=sa.text("email_index IS NOT NULL")
    )
