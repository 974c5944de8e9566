"""Somebody else's account is closed by two people of the office, and its NIK kept for the person it belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0016_closures"
down_revision = "0015_links_are_proven"

MOMENT = sa.DateTime(timezone=True)
CHANGES = (
    "change IN ('registered', 'password_reset', 'password_changed', 'second_factor_on', 'second_factor_off', 'recovery_code_used', "
    "'linked', 'second_factor_reset', 'closed')"
)
DECIDED = "(status = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_sub IS NULL)"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_change_change"), "account_change")
    op.create_check_constraint("change", "account_change", CHANGES)
    op.create_table(
        "account_closure",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_account_closure_account_id"), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("nik_index", sa.LargeBinary, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_sub", sa.String, nullable=False),
        sa.Column("email", sa.LargeBinary),
        sa.Column("email_index", sa.LargeBinary),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by_sub", sa.String),
        sa.CheckConstraint("reason IN ('opened_by_another', 'address_lost', 'died')", name="reason"),
        sa.CheckConstraint("status IN ('asked', 'closed', 'refused')", name="status"),
        sa.CheckConstraint(DECIDED, name="decided"),
    )
    op.create_index("ix_account_closure_account_id", "account_closure", ["account_id"])
    op.create_index("ix_account_closure_nik_index", "account_closure", ["nik_index"])
    asked = sa.text("status = 'asked'")
    op.create_index("ix_account_closure_asked", "account_closure", ["asked_at", "id"], postgresql_where=asked)
    op.create_index("uq_account_closure_open", "account_closure", ["account_id"], unique=True, postgresql_where=asked)
