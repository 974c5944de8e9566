"""A sign-in by another issuer: whom of ours it stands for, once linked."""

import sqlalchemy as sa
from alembic import op

revision = "0010_federation"
down_revision = "0009_logout"

CHANGES = "change IN ('registered', 'password_reset', 'password_changed', 'second_factor_on', 'second_factor_off', 'recovery_code_used', 'linked')"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_change_change"), "account_change")
    op.create_check_constraint("change", "account_change", CHANGES)
    op.create_table(
        "linked_identity",
        sa.Column("subject_index", sa.LargeBinary, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_linked_identity_account_id"), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_linked_identity_account_id", "linked_identity", ["account_id"])
