"""An administrator takes a lost second factor off; a change that its owner has not made says who made it."""

import sqlalchemy as sa
from alembic import op

revision = "0013_lost_second_factor"
down_revision = "0012_root_keys"

CHANGES = (
    "change IN ('registered', 'password_reset', 'password_changed', 'second_factor_on', 'second_factor_off', 'recovery_code_used', "
    "'linked', 'second_factor_reset')"
)
REASONS = (
    "end_reason IN ('revoked_by_owner', 'revoked_by_client', 'code_replayed', 'refresh_reused', 'account_not_active', 'password_changed', "
    "'signed_out', 'second_factor_reset')"
)


def upgrade() -> None:
    op.add_column("account_change", sa.Column("by_sub", sa.String))
    for table, name, rule in (("account_change", "change", CHANGES), ("account_session", "end_reason", REASONS)):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(name, table, rule)
