"""A forgotten password is replaced by a one-time code, a known one by itself; both end sessions and are kept."""

from alembic import op

revision = "0007_passwords"
down_revision = "0006_registration"

REASONS = (
    "end_reason IN ('revoked_by_owner', 'revoked_by_client', 'code_replayed', 'refresh_reused', 'account_not_active', 'password_changed')"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_account_session_ck_account_session_end_reason"), "account_session")
    op.create_check_constraint("end_reason", "account_session", REASONS)
    op.drop_constraint(op.f("ck_account_change_change"), "account_change")
    op.create_check_constraint("change", "account_change", "change IN ('registered', 'password_reset', 'password_changed')")
