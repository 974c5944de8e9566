"""What a payer has asked for is theirs to see, waits until a day, is taken back by them, and ends with its bill."""

import sqlalchemy as sa
from alembic import op

revision = "0026_requests_of_a_payer"
down_revision = "0025_document_keys"

WAITING = sa.text("status = 'requested'")
UNDECIDED = "status IN ('requested', 'withdrawn', 'lapsed')"
STATES = {
    "waiver": "'requested', 'granted', 'refused', 'withdrawn', 'lapsed'",
    "instalment_agreement": "'requested', 'in_force', 'kept', 'refused', 'ended', 'withdrawn', 'lapsed'",
}


def upgrade() -> None:
    op.add_column("waiver", sa.Column("owner_sub", sa.String, nullable=False, server_default=""))
    op.execute("UPDATE waiver SET owner_sub = bill.owner_sub FROM bill WHERE bill.id = waiver.bill_id AND waiver.kind <> 'write_off'")
    for table, states in STATES.items():
        op.add_column(table, sa.Column("decide_by", sa.Date))
        op.add_column(table, sa.Column("ended_at", sa.DateTime(timezone=True)))
        op.add_column(table, sa.Column("withdrawal_code", sa.String))
        for name in ("status", "decided"):
            op.drop_constraint(f"ck_{table}_{name}", table)
        op.create_check_constraint("status", table, f"status IN ({states})")
        op.create_check_constraint("decided", table, f"({UNDECIDED}) = (decided_by IS NULL)")
        op.create_check_constraint("withdrawn", table, "(status = 'withdrawn') = (withdrawal_code IS NOT NULL)")
        op.create_index(f"ix_{table}_owner_sub", table, ["owner_sub", "id"])
    op.create_index("ix_instalment_agreement_waiting", "instalment_agreement", ["id"], postgresql_where=WAITING)
