"""Days are read office by office, along the order of the books (`ix_ledger_entry_books`): the index of days is not kept for every entry any more.

The planner took it for the last pages of an office's book, and read and sorted what they do not show.
"""

from alembic import op

revision = "0024_days_by_office"
down_revision = "0023_payment_questions"


def upgrade() -> None:
    op.drop_index("ix_ledger_entry_day", "ledger_entry")
