"""Permits on their way to the national systems, and whether those answer."""

import sqlalchemy as sa
from alembic import op

revision = "0020_forwarding"
down_revision = "0019_inspections"

MOMENT = sa.DateTime(timezone=True)
STATES = "status IN ('not_forwarded', 'forwarded', 'acknowledged', 'refused')"


def upgrade() -> None:
    table = "permit_forwarding"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, sa.ForeignKey("permit.id", name="fk_permit_forwarding_id"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("permit_no", sa.String, nullable=False),
        sa.Column("permit_type", sa.String, nullable=False),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_reason", sa.String),
        sa.Column("tried_at", MOMENT),
        sa.Column("forwarded_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("reference", sa.String),
        sa.UniqueConstraint("permit_no", name="uq_permit_forwarding_permit_no"),
        sa.CheckConstraint(STATES, name="ck_permit_forwarding_status"),
        sa.CheckConstraint("(status IN ('acknowledged', 'refused')) = (settled_at IS NOT NULL)", name="ck_permit_forwarding_settled"),
        sa.CheckConstraint("status <> 'forwarded' OR forwarded_at IS NOT NULL", name="ck_permit_forwarding_forwarded"),
    )
    op.create_index("ix_permit_forwarding_office", table, ["office", "id"])
    op.create_index("ix_permit_forwarding_office_status", table, ["office", "status", "id"])
    op.create_index("ix_permit_forwarding_status", table, ["status", "id"])
    op.create_index("ix_permit_forwarding_waiting", table, ["queued_at"], postgresql_where=sa.text("status = 'not_forwarded'"))
    _step()
    _national_system()


def _step() -> None:
    op.create_table(
        "forwarding_step",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("forwarding_id", sa.Uuid, sa.ForeignKey("permit_forwarding.id", name="fk_forwarding_step_forwarding_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("officer_sub", sa.String),
        sa.Column("reason", sa.String),
        sa.UniqueConstraint("forwarding_id", "position", name="uq_forwarding_step_forwarding_id_position"),
        sa.CheckConstraint(STATES, name="ck_forwarding_step_status"),
    )


def _national_system() -> None:
    made = op.create_table(
        "national_system",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("away_since", MOMENT),
        sa.Column("rests_until", MOMENT),
    )
    op.bulk_insert(made, [{"name": name, "failures": 0} for name in ("SIMBG", "OSS")])
