"""Building works: the notice of their beginning. Permits that are there are not asked: the law asks from their issue on."""

import sqlalchemy as sa
from alembic import op

revision = "0018_works_notices"
down_revision = "0017_overdue_bills"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "works_watch",
        sa.Column("permit_id", sa.Uuid, sa.ForeignKey("permit.id"), primary_key=True),
        sa.Column("lapses_on", sa.Date, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("starts_on", sa.Date),
        sa.Column("noticed_at", MOMENT),
        sa.CheckConstraint("asked >= 0 AND (asked = 0) = (asked_at IS NULL)", name="asked"),
        sa.CheckConstraint("(starts_on IS NULL) = (noticed_at IS NULL)", name="noticed"),
    )
