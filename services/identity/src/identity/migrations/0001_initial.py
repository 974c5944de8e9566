"""The kernel's tables, and those of identity: accounts, clients, sessions with their codes and refresh tokens, keys, sign-ins."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from smartcity.storage import kernel_schema as kernel

revision = "0001_initial"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    kernel.create_v1()
    _account()
    _client()
    _session()
    _key()
    _sign_in()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("password_hash", sa.String),
        sa.Column("display_name", sa.LargeBinary, nullable=False),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("office", sa.String),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.UniqueConstraint("login", name="uq_account_login"),
        sa.CheckConstraint("status IN ('active', 'suspended', 'closed')", name="ck_account_status"),
    )


def _client() -> None:
    op.create_table(
        "oauth_client",
        sa.Column("client_id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("grants", JSONB, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        sa.Column("redirect_uris", JSONB, nullable=False),
        sa.Column("secret_hash", sa.String),
        sa.Column("jwks", JSONB),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_oauth_client_account_id")),
        sa.CheckConstraint("kind IN ('public', 'confidential')", name="ck_oauth_client_kind"),
    )
    op.create_index("ix_oauth_client_account_id", "oauth_client", ["account_id"])
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.String, sa.ForeignKey("oauth_client.client_id", name="fk_used_assertion_client_id"), primary_key=True),
        sa.Column("jti_hash", sa.LargeBinary, primary_key=True),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_used_assertion_expires_at", "used_assertion", ["expires_at"])


def _session() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_account_session_account_id"), nullable=False),
        sa.Column("client_id", sa.String, sa.ForeignKey("oauth_client.client_id", name="fk_account_session_client_id"), nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("end_reason", sa.String(40)),
        sa.CheckConstraint("status IN ('active', 'ended')", name="ck_account_session_status"),
        sa.CheckConstraint(
            "end_reason IN ('revoked_by_owner', 'revoked_by_client', 'code_replayed', 'refresh_reused', 'account_not_active')",
            name="ck_account_session_end_reason",
        ),
    )
    op.create_index("ix_account_session_account_id_started_at_id", "account_session", ["account_id", "started_at", "id"])
    op.create_index("ix_account_session_client_id", "account_session", ["client_id"])
    op.create_index("ix_account_session_expires_at", "account_session", ["expires_at"])
    _secret("authorization_code", "code_hash", sa.Column("redirect_uri", sa.String, nullable=False),
            sa.Column("challenge", sa.String, nullable=False), sa.Column("nonce", sa.String))  # fmt: skip
    _secret("refresh_token", "token_hash")


def _secret(table: str, key: str, *more: sa.Column[str]) -> None:
    session = sa.ForeignKey("account_session.id", name=f"fk_{table}_session_id", ondelete="CASCADE")
    op.create_table(
        table,
        sa.Column(key, sa.LargeBinary, primary_key=True),
        sa.Column("session_id", sa.Uuid, session, nullable=False),
        *more,
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index(f"ix_{table}_session_id", table, ["session_id"])
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def _key() -> None:
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String, primary_key=True),
        sa.Column("public", JSONB, nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("signs_from", MOMENT, nullable=False),
        sa.Column("published_until", MOMENT),
    )
    op.create_index("ix_signing_key_signs_from", "signing_key", ["signs_from"])


def _sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_sign_in_account_id")),
        sa.Column("login_index", sa.LargeBinary, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.CheckConstraint("outcome IN ('signed_in', 'refused', 'locked')", name="ck_sign_in_outcome"),
    )
    op.create_index("ix_sign_in_account_id_at_id", "sign_in", ["account_id", "at", "id"])
    op.create_index("ix_sign_in_at", "sign_in", ["at"])
    op.create_table(
        "throttle",
        sa.Column("guarded", sa.String(40), primary_key=True),
        sa.Column("subject", sa.LargeBinary, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        sa.Column("wait_until", MOMENT, nullable=False),
        sa.CheckConstraint("guarded IN ('account', 'address', 'client_address')", name="ck_throttle_guarded"),
    )
    op.create_index("ix_throttle_failed_at", "throttle", ["failed_at"])
