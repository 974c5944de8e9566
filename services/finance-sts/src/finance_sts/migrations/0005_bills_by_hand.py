"""A bill may be a draft, without number, due date and rails until it is issued; the register is read by series and serial.

The database reads both from the number, of bills that are there and of those that the release before still issues.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_bills_by_hand"
down_revision = "0004_duties_and_outages"

GIVEN_AT_ISSUE = ("number", "due_on", "issued_at", "virtual_account_no", "qris_payload", "verify_code")
WHOLE = "num_nulls(number, due_on, issued_at, virtual_account_no, qris_payload, verify_code) = 0"


def upgrade() -> None:
    for name in ("due_rule", "replace_reason"):
        op.add_column("bill", sa.Column(name, sa.String))
    op.add_column("bill", sa.Column("series", sa.String, sa.Computed("regexp_replace(number, '/[^/]*$', '')", persisted=True)))
    serial = "(substring(number FROM '([0-9]{1,15})$'))::bigint"
    op.add_column("bill", sa.Column("serial", sa.BigInteger, sa.Computed(serial, persisted=True)))
    op.add_column("bill", sa.Column("payer_sub", sa.String, nullable=False, server_default=""))
    op.add_column("bill", sa.Column("payer_no", sa.LargeBinary))
    op.add_column("bill", sa.Column("period_from", sa.Date))
    op.add_column("bill", sa.Column("period_to", sa.Date))
    op.add_column("bill", sa.Column("replaces", sa.Uuid))
    op.execute("UPDATE bill SET payer_sub = owner_sub")
    for name in GIVEN_AT_ISSUE:
        op.alter_column("bill", name, nullable=True)
    op.create_check_constraint("issued_whole", "bill", f"status IN ('draft', 'cancelled') OR {WHOLE}")
    op.create_check_constraint("period", "bill", "(period_from IS NULL) = (period_to IS NULL) AND period_from <= period_to")
    op.create_index("ix_bill_series", "bill", ["series", "serial"])
