"""Twins are reported in one filing: their registrations are found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0005_siblings"
down_revision = "0003_paths_and_circumstances"


def upgrade() -> None:
    op.add_column("birth_registration", sa.Column("filing_id", sa.Uuid))
    told = sa.text("filing_id IS NOT NULL")
    op.create_index("ix_birth_registration_filing_id", "birth_registration", ["filing_id", "id"], postgresql_where=told)
