"""A program signs its person out, and takes the browser back to an address of its own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_logout"
down_revision = "0008_second_factor"

REASONS = (
    "end_reason IN ('revoked_by_owner', 'revoked_by_client', 'code_replayed', 'refresh_reused', 'account_not_active', 'password_changed', "
    "'signed_out')"
)


def upgrade() -> None:
    op.add_column("oauth_client", sa.Column("post_logout_redirect_uris", JSONB, nullable=False, server_default="[]"))
    op.drop_constraint(op.f("ck_account_session_end_reason"), "account_session")
    op.create_check_constraint("end_reason", "account_session", REASONS)
