"""A certificate waits for its electronic signature, and keeps whose it is; those issued before bear none."""

import sqlalchemy as sa
from alembic import op

revision = "0021_electronic_signatures"
down_revision = "0019_root_keys"

STATES = "'awaiting_signature', 'valid', 'superseded', 'cancelled'"
SIGNED_WHOLE = (
    "(electronic_by IS NULL) = (electronic_at IS NULL) AND (electronic_by IS NULL) = (electronic_issuer IS NULL) "
    "AND (electronic_by IS NULL) = (electronic_serial IS NULL) AND (status <> 'awaiting_signature' OR electronic_by IS NULL)"
)


def upgrade() -> None:
    table = "certificate"
    for column in ("by", "issuer", "serial"):
        op.add_column(table, sa.Column(f"electronic_{column}", sa.String))
    op.add_column(table, sa.Column("electronic_at", sa.DateTime(timezone=True)))
    op.drop_constraint(f"ck_{table}_status", table)
    op.create_check_constraint("status", table, f"status IN ({STATES})")
    op.create_check_constraint("signed_whole", table, SIGNED_WHOLE)
    op.create_index("ix_certificate_awaiting", table, ["issued_at"], postgresql_where=sa.text("status = 'awaiting_signature'"))
