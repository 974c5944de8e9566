"""Visits to the site, their changed days and their pictures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011_visits"
down_revision = "0010_companies"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id", name="fk_visit_application_id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("invitation", sa.String, nullable=False),
        sa.Column("scheduled_at", MOMENT, nullable=False),
        sa.Column("scheduler_sub", sa.String, nullable=False),
        sa.Column("checklist", JSONB, nullable=False),
        sa.Column("report", sa.String),
        sa.Column("conclusion", sa.String(40)),
        sa.Column("examiner_sub", sa.String),
        sa.Column("carried_out_at", MOMENT),
        sa.UniqueConstraint("application_id", "position", name="uq_visit_application_id_position"),
        sa.CheckConstraint("conclusion IN ('conforms', 'differs')", name="conclusion"),
        sa.CheckConstraint(
            "(carried_out_at IS NULL) = (conclusion IS NULL) AND (conclusion IS NULL) = (examiner_sub IS NULL)", name="report"
        ),
    )
    op.create_index("uq_visit_scheduled", "visit", ["application_id"], unique=True, postgresql_where=sa.text("carried_out_at IS NULL"))
    _moves()
    _photos()


def _moves() -> None:
    op.create_table(
        "visit_move",
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("visit.id", name="fk_visit_move_visit_id"), primary_key=True),
        sa.Column("side", sa.String(40), primary_key=True),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("to_day", sa.Date, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("mover_sub", sa.String, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.CheckConstraint("side IN ('applicant', 'office')", name="side"),
    )


def _photos() -> None:
    op.create_table(
        "visit_photo",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("visit_id", sa.Uuid, sa.ForeignKey("visit.id", name="fk_visit_photo_visit_id"), nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name="fk_visit_photo_file_id"), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("by_camera", sa.Boolean, nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
    )
    op.create_index("ix_visit_photo_visit_id", "visit_photo", ["visit_id", "id"])
    op.create_index("ix_visit_photo_file_id", "visit_photo", ["file_id"])
