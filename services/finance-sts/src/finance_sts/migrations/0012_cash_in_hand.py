"""Every night it is looked at what is still in treasurers' hands."""

from alembic import op

revision = "0012_cash_in_hand"
down_revision = "0011_corrections"


def upgrade() -> None:
    op.execute("INSERT INTO due (kind, subject, at, attempts, status) VALUES ('cash_still_in_hand', 'nightly', now(), 0, 'due')")
