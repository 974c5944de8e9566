"""Inspections of buildings: what was told of their complaints, the inspections themselves, their pictures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019_inspections"
down_revision = "0018_works_notices"

MOMENT = sa.DateTime(timezone=True)
ENDED = (
    "(status = 'concluded') = (outcome_code IS NOT NULL) AND (status = 'cancelled') = (reason_code IS NOT NULL) "
    "AND (status IN ('concluded', 'cancelled')) = (since IS NULL) AND (status IN ('concluded', 'cancelled')) = (ended_by IS NOT NULL)"
)
WAYS = {"opened": ("scheduled", "cancelled"), "scheduled": ("opened", "concluded", "cancelled")}


def upgrade() -> None:
    _notice()
    _inspection()
    _photo()
    ways = " OR ".join(f"OLD.status = '{start}' AND NEW.status = '{end}'" for start, ends in WAYS.items() for end in ends)
    op.execute(
        "CREATE TRIGGER one_of_the_ways AFTER UPDATE OF status ON inspection FOR EACH ROW "
        f"WHEN (OLD.status <> NEW.status AND NOT ({ways})) EXECUTE FUNCTION refuse_way()"
    )


def _notice() -> None:
    op.create_table(
        "complaint_notice",
        sa.Column("complaint_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("kelurahan_code", sa.String, nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("standing_since", MOMENT, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("original_no", sa.String),
        sa.CheckConstraint("standing IN ('open', 'closed', 'withdrawn', 'archived', 'duplicate')", name="standing"),
        sa.CheckConstraint("original_no IS NULL OR standing = 'duplicate'", name="original"),
    )


def _inspection() -> None:
    key = {"complaint_id": "complaint_notice.complaint_id", "follows_id": "inspection.id", "permit_id": "permit.id"}
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("number", "office", "kelurahan_code", "legal_basis")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("opened_at", "status_since", "updated_at")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("days", "used", "escalated")),
        *(sa.Column(name, sa.Uuid, sa.ForeignKey(far, name=f"fk_inspection_{name}")) for name, far in key.items()),
        *(sa.Column(name, sa.String) for name in ("opener_sub", "site_address", "cause", "inspector_sub", "report", "reason_code", "ended_by")),
        *(sa.Column(name, JSONB, nullable=False) for name in ("checklist", "measures")),
        sa.Column("lost", sa.Integer, nullable=False, server_default="0"),
        sa.Column("working", sa.Boolean, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("due_on", sa.Date),
        sa.Column("day", sa.Date),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("outcome_code", sa.String(40)),
        sa.UniqueConstraint("number", name="uq_inspection_number"),
        sa.UniqueConstraint("follows_id", name="uq_inspection_follows_id"),
        *_checks(),
    )  # fmt: skip
    op.create_index("ix_inspection_office", "inspection", ["office", "id"])
    op.create_index("ix_inspection_office_status", "inspection", ["office", "status", "id"])
    op.create_index("ix_inspection_complaint_id", "inspection", ["complaint_id", "id"])
    op.create_index("ix_inspection_permit_id", "inspection", ["permit_id"])
    op.create_index("ix_inspection_running", "inspection", ["since"], postgresql_where=sa.text("since IS NOT NULL"))
    once = sa.text("follows_id IS NULL")
    op.create_index("uq_inspection_opened_by_complaint", "inspection", ["complaint_id"], unique=True, postgresql_where=once)


def _checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("status IN ('opened', 'scheduled', 'concluded', 'cancelled')", name="status"),
        sa.CheckConstraint("outcome_code IN ('no-violation', 'violation-found', 'permit-absent', 'not-accessible')", name="outcome_code"),
        sa.CheckConstraint("days > 0 AND used >= 0 AND escalated >= 0", name="counts"),
        sa.CheckConstraint("(since IS NULL) = (due_on IS NULL)", name="running"),
        sa.CheckConstraint(
            "(day IS NULL) = (inspector_sub IS NULL) AND (status NOT IN ('scheduled', 'concluded') OR day IS NOT NULL)", name="planned"
        ),
        sa.CheckConstraint(ENDED, name="ended"),
        sa.CheckConstraint("complaint_id IS NOT NULL OR site_address IS NOT NULL", name="placed"),
    )


def _photo() -> None:
    table = "inspection_photo"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("inspection_id", sa.Uuid, sa.ForeignKey("inspection.id", name=f"fk_{table}_inspection_id"), nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name=f"fk_{table}_file_id"), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("by_camera", sa.Boolean, nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
    )
    op.create_index(f"ix_{table}_inspection_id", table, ["inspection_id", "id"])
    op.create_index(f"ix_{table}_file_id", table, ["file_id"])
