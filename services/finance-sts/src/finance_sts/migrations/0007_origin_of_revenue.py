"""Reports ask where revenue came from: the channel and the kecamatan stand beside the entry in the books, the kecamatan on the bill.
The position of a day is asked of all offices: the day leads in its indexes.

Entries that are there get the channel of the payment they are about; no kecamatan was told of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_origin_of_revenue"
down_revision = "0006_bank_statements"

OPEN = "status IN ('issued', 'part_paid')"


def upgrade() -> None:
    op.add_column("bill", sa.Column("kecamatan_code", sa.String))
    op.create_index("ix_bill_due_on", "bill", ["office", "due_on"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_bill_issued_at", "bill", ["issued_at"])
    for table in ("payment", "deposit_slip"):
        op.drop_index(f"ix_{table}_day", table)
        op.create_index(f"ix_{table}_day", table, ["day", "office"])
    op.create_index("ix_deposit_slip_draft", "deposit_slip", ["office"], postgresql_where=sa.text("status = 'draft'"))
    op.add_column("ledger_entry", sa.Column("channel", sa.String))
    op.add_column("ledger_entry", sa.Column("kecamatan_code", sa.String))
    op.create_index("ix_ledger_entry_day", "ledger_entry", ["day", "office"])
    op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER append_only")
    op.execute(
        "UPDATE ledger_entry e SET channel = p.channel FROM payment p WHERE p.id = substring(e.cause FROM ':([0-9a-f-]{36})$')::uuid"
    )
    op.execute("ALTER TABLE ledger_entry ENABLE TRIGGER append_only")
