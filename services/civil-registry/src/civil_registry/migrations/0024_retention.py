"""What is kept no longer is erased by nightly due work: found along an index, marked once it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0024_retention"
down_revision = "0023_deaths_filed_at_the_counter"

UNKEPT = sa.text("erased_at IS NULL AND status IN ('draft', 'returned', 'withdrawn', 'rejected')")


def upgrade() -> None:
    for table in ("birth_registration", "death_registration"):
        op.add_column(table, sa.Column("erased_at", sa.DateTime(timezone=True)))
        op.create_index(f"ix_{table}_unkept", table, ["updated_at"], postgresql_where=UNKEPT)
    for table in ("registration_document", "death_document"):
        op.create_index(f"ix_{table}_uploaded_at", table, ["uploaded_at"])
    op.execute("INSERT INTO due (kind, subject, at, attempts, status) VALUES ('erase_what_is_kept_no_longer', 'all', now(), 0, 'due')")
