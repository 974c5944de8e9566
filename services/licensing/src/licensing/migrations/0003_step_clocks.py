"""The office's clock for each step of an application."""

import sqlalchemy as sa
from alembic import op

revision = "0003_step_clocks"
down_revision = "0002_permit_terms"

STATES = (
    "'draft', 'submitted', 'complete', 'returned', 'in_examination', 'approved', 'awaiting_payment', 'paid', 'issued', "
    "'rejected', 'withdrawn', 'lapsed'"
)


def upgrade() -> None:
    op.create_table(
        "step_clock",
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id", name="fk_step_clock_application_id"), primary_key=True),
        sa.Column("step", sa.String(40), primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("working", sa.Boolean, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("due_on", sa.Date),
        sa.Column("escalated", sa.Integer, nullable=False),
        sa.CheckConstraint("days > 0 AND used >= 0 AND escalated >= 0", name="counts"),
        sa.CheckConstraint("(since IS NULL) = (due_on IS NULL)", name="running"),
        sa.CheckConstraint(f"step IN ({STATES})", name="step"),
    )
    op.create_index("ix_step_clock_running", "step_clock", ["due_on"], postgresql_where=sa.text("since IS NOT NULL"))
