"""Entries of the register are counted by the month of their registration."""

from alembic import op

revision = "0017_births_by_month"
down_revision = "0015_awaited_niks"


def upgrade() -> None:
    op.create_index("ix_birth_record_registered_on", "birth_record", ["registered_on"])
