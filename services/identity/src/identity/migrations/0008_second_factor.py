"""A second factor: one-time codes by an authenticator (RFC 6238), and recovery codes for who has lost it."""

import sqlalchemy as sa
from alembic import op

revision = "0008_second_factor"
down_revision = "0007_passwords"

MOMENT = sa.DateTime(timezone=True)
GUARDED = "guarded IN ('account', 'address', 'client_address', 'code_address', 'recipient', 'second_factor')"
CHANGES = "change IN ('registered', 'password_reset', 'password_changed', 'second_factor_on', 'second_factor_off', 'recovery_code_used')"
OUTCOMES = "outcome IN ('signed_in', 'refused', 'locked', 'second_factor_asked', 'second_factor_refused')"


def upgrade() -> None:
    for table, old, name, says in (
        ("throttle", "ck_throttle_guarded", "guarded", GUARDED),
        ("account_change", "ck_account_change_change", "change", CHANGES),
        ("sign_in", "ck_sign_in_ck_sign_in_outcome", "outcome", OUTCOMES),
    ):
        op.drop_constraint(op.f(old), table)
        op.create_check_constraint(name, table, says)
    account = sa.ForeignKey("account.id", name="fk_second_factor_account_id")
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid, account, primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_recovery_code_account_id"), primary_key=True),
        sa.Column("code_index", sa.LargeBinary, primary_key=True),
        sa.Column("used_at", MOMENT),
    )
