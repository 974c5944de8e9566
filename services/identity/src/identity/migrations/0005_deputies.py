"""An officer has a deputy for dates; the deputy's tokens say for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0005_deputies"
down_revision = "0004_duties_and_outages"


def upgrade() -> None:
    op.create_table(
        "deputyship",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_deputyship_account_id"), nullable=False),
        sa.Column("deputy_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_deputyship_deputy_id"), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.Column("named_by", sa.String, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("from_on <= until_on", name="ck_deputyship_in_order"),
        sa.CheckConstraint("account_id <> deputy_id", name="ck_deputyship_another"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ck_deputyship_ended_by_somebody"),
    )
    op.create_index("ix_deputyship_account_id", "deputyship", ["account_id", "from_on", "id"])
    op.create_index("ix_deputyship_deputy_id", "deputyship", ["deputy_id", "until_on"])
