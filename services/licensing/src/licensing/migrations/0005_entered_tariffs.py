"""Tariffs entered by an officer, append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005_entered_tariffs"
down_revision = "0004_cancelled_bills"


def upgrade() -> None:
    op.create_table(
        "entered_tariff",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("rule_set", sa.String, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("prices", JSONB, nullable=False),
        sa.Column("prasarana", JSONB, nullable=False),
        sa.Column("entered_by", sa.String, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("code", name="uq_entered_tariff_code"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )
    op.create_index("ix_entered_tariff_rule_set", "entered_tariff", ["rule_set", "position"])
    op.execute(
        "CREATE FUNCTION refuse_tariff_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'a tariff is never changed in place' USING ERRCODE = 'restrict_violation'; END$$"
    )
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entered_tariff FOR EACH ROW EXECUTE FUNCTION refuse_tariff_change()")
