"""Who reported may take the report back before it is registered; what was taken back stands in nobody's way."""

import sqlalchemy as sa
from alembic import op

revision = "0018_withdrawals"
down_revision = "0017_births_by_month"

STATES = (
    "'draft', 'submitted', 'in_check', 'returned', 'awaiting_late_decision', 'registered', 'signed', 'issued', 'collected', 'rejected', "
    "'cancelled', 'withdrawn'"
)
CHILD = ["mother_nik_index", "born_on", "child_name_index", "twin_order"]


def upgrade() -> None:
    for table in ("birth_registration", "registration_history", "death_registration", "death_history"):
        op.drop_constraint(f"ck_{table}_status", table)
        op.create_check_constraint("status", table, f"status IN ({STATES})")
    for table in ("birth_registration", "death_registration"):
        op.drop_constraint(f"ck_{table}_numbered", table)
        op.create_check_constraint("numbered", table, "number IS NOT NULL OR status IN ('draft', 'withdrawn')")
    _unique("birth_registration", "child", CHILD, "status NOT IN ('draft', 'rejected', 'cancelled', 'withdrawn')")
    _unique("death_registration", "deceased", ["deceased_nik_index"], "status NOT IN ('draft', 'withdrawn')")


def _unique(table: str, name: str, columns: list[str], filed: str) -> None:
    op.drop_index(f"uq_{table}_{name}", table)
    op.create_index(f"uq_{table}_{name}", table, columns, unique=True, postgresql_where=sa.text(filed))
