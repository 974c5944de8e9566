"""Findings of the examinations, what each round had before it, and the application that another one continues."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008_findings"
down_revision = "0007_figures_and_map"


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id", name="fk_finding_application_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("sentence", sa.String, nullable=False),
        sa.Column("concerns", sa.String, nullable=False),
        sa.Column("raised_in", sa.Integer, nullable=False),
        sa.Column("resolved_in", sa.Integer),
        sa.UniqueConstraint("application_id", "number", name="uq_finding_application_id_number"),
        sa.CheckConstraint("raised_in BETWEEN 0 AND 5 AND resolved_in > raised_in AND resolved_in <= 5", name="rounds"),
    )
    op.add_column("examination", sa.Column("seen", JSONB))
    op.add_column("permit_application", sa.Column("continues_id", sa.Uuid))
    op.create_foreign_key("fk_permit_application_continues_id", "permit_application", "permit_application", ["continues_id"], ["id"])
    op.create_index(
        "ix_permit_application_continues_id", "permit_application", ["continues_id"], postgresql_where=sa.text("continues_id IS NOT NULL")
    )
