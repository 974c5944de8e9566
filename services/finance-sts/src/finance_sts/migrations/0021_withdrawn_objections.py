"""A payer may take an objection back before it is decided."""

import sqlalchemy as sa
from alembic import op

revision = "0021_withdrawn_objections"
down_revision = "0020_data_requests"

TABLE = "objection"
OUTCOMES = "'filed', 'granted', 'partly_granted', 'refused', 'increased', 'deemed_granted', 'lapsed', 'withdrawn'"
DECIDED = (
    "(status IN ('filed', 'lapsed', 'withdrawn')) = (decision_no IS NULL) "
    "AND num_nulls(decision_no, decided_at, amount_decided, verify_code) IN (0, 4)"
)


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column(TABLE, sa.Column("withdrawal_code", sa.String))
    for name in ("status", "decided"):
        op.drop_constraint(f"ck_{TABLE}_{name}", TABLE)
    op.create_check_constraint("status", TABLE, f"status IN ({OUTCOMES})")
    op.create_check_constraint("decided", TABLE, DECIDED)
    op.create_check_constraint("withdrawn", TABLE, "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)")
