"""The kernel's tables, and those of complaints: complaints with all that hangs on them, and the routing rules."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from smartcity.storage import kernel_schema as kernel

revision = "0001_initial"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'received', 'needs_completion', 'archived', 'disposed', 'in_progress', 'answered', 'closed', 'withdrawn'"
CLOCKS = "'verification', 'completion', 'follow_up', 'answer', 'consent'"
PUBLIC = "verified_at IS NOT NULL AND NOT confidential"
WAYS = {
    "received": ("needs_completion", "archived", "disposed", "withdrawn"),
    "needs_completion": ("received", "withdrawn"),
    "disposed": ("received", "in_progress", "withdrawn"),
    "in_progress": ("answered", "withdrawn"),
    "answered": ("in_progress", "closed"),
    "closed": ("in_progress",),
}
REFUSE_WAY = """
CREATE FUNCTION refuse_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no way from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'way';
END $$
"""
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$
"""
STEP = "id, complaint_id, position, event, status, at, audience, actor_sub, office"
WAITING = "status IN ('received', 'disposed', 'in_progress')"


def upgrade() -> None:
    kernel.create_v1()
    _complaint()
    _complaint_indexes()
    _complaint_history()
    _complaint_photo()
    _complaint_support()
    _routing_rule()
    _guards()


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )


def _all(kind: Any, *names: str, nullable: bool = False) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, kind, nullable=nullable) for name in names)


def _of_complaint(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    column = sa.Column("complaint_id", sa.Uuid, nullable=False)
    return column, sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=f"fk_{table}_complaint_id")


def _complaint() -> None:
    op.create_table(
        "complaint",
        *_aggregate(),
        *_all(sa.String, "number", "owner_sub", "recorded_by", "channel", "category", "title", "text", "kelurahan_code", "address"),
        *_all(sa.LargeBinary, "follow_up_index"),
        *_all(sa.Boolean, "anonymous", "confidential"),
        *_all(MOMENT, "received_at", "updated_at", "status_since", "answer_by"),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("clock", sa.String(40)),
        sa.Column("escalation", sa.String(40), nullable=False),
        sa.Column("close_cause", sa.String(40)),
        *_all(MOMENT, "deadline", "incident_at", "verified_at", "answered_at", "closed_at", nullable=True),
        *_all(sa.String, "office", "landmark", "forwarded_to", nullable=True),
        *_all(sa.Float, "latitude", "longitude", nullable=True),
        *_all(sa.LargeBinary, "reporter_name", "reporter_contact", nullable=True),
        sa.Column("rating", sa.Integer),
        *_all(sa.Integer, "returns", "reopenings", "support_count"),
        sa.UniqueConstraint("number", name="uq_complaint_number"),
        sa.UniqueConstraint("follow_up_index", name="uq_complaint_follow_up_index"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint(f"clock IN ({CLOCKS})", name="clock"),
        sa.CheckConstraint("escalation IN ('none', 'head', 'secretariat')", name="escalation"),
        sa.CheckConstraint("close_cause IN ('accepted', 'silence')", name="close_cause"),
        sa.CheckConstraint("status NOT IN ('disposed', 'in_progress', 'answered', 'closed') OR office IS NOT NULL", name="in_office"),
        sa.CheckConstraint("(status = 'closed') = (close_cause IS NOT NULL)", name="closed_for_a_cause"),
        sa.CheckConstraint("(clock IS NULL) = (deadline IS NULL)", name="clock_has_its_end"),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        sa.CheckConstraint("support_count >= 0 AND returns >= 0 AND reopenings >= 0", name="counts"),
    )


def _complaint_indexes() -> None:
    table, public, waiting = "complaint", sa.text(PUBLIC), sa.text(WAITING)
    op.create_index("ix_complaint_owner_sub", table, ["owner_sub", "id"])
    op.create_index("ix_complaint_office", table, ["office", "deadline", "id"], postgresql_where=waiting)
    op.create_index("ix_complaint_waiting", table, ["status", "deadline", "id"], postgresql_where=waiting)
    op.create_index("ix_complaint_public", table, ["id"], postgresql_where=public)
    op.create_index("ix_complaint_public_category", table, ["category", "id"], postgresql_where=public)
    op.create_index("ix_complaint_public_status", table, ["status", "id"], postgresql_where=public)
    op.create_index("ix_complaint_public_kelurahan", table, ["kelurahan_code", "id"], postgresql_where=public)
    op.create_index("ix_complaint_place", table, [sa.text("point(longitude, latitude)")], postgresql_using="gist", postgresql_where=public)


def _complaint_history() -> None:
    op.create_table(
        "complaint_history",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_complaint("complaint_history"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        *_all(sa.String, "actor_sub", "office", "note", nullable=True),
        sa.UniqueConstraint("complaint_id", "position", name="uq_complaint_history_complaint_id_position"),
        sa.CheckConstraint("audience IN ('everybody', 'parties', 'city')", name="audience"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
    )


def _complaint_photo() -> None:
    table = "complaint_photo"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_complaint(table),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name="fk_complaint_photo_file_id"), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('report', 'proof')", name="kind"),
    )
    op.create_index("ix_complaint_photo_complaint_id", table, ["complaint_id", "id"])
    op.create_index("ix_complaint_photo_file_id", table, ["file_id"])


def _complaint_support() -> None:
    op.create_table(
        "complaint_support",
        sa.Column("complaint_id", sa.Uuid, sa.ForeignKey("complaint.id", name="fk_complaint_support_complaint_id"), primary_key=True),
        sa.Column("sub", sa.String, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )


def _routing_rule() -> None:
    op.create_table(
        "routing_rule",
        *_aggregate(),
        *_all(sa.String, "category", "office", "made_by"),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("kecamatan_code", sa.String),
        sa.Column("valid_to", sa.Date),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
    )
    op.create_index("ix_routing_rule_category", "routing_rule", ["category", "id"])


def _guards() -> None:
    """No way but those between the states; no step taken away or changed. Its words may be erased (UU 27/2022 Pasal 43)."""
    ways = " OR ".join(f"OLD.status = '{start}' AND NEW.status = '{end}'" for start, ends in WAYS.items() for end in ends)
    op.execute(REFUSE_WAY)
    op.execute(
        "CREATE TRIGGER one_of_the_ways BEFORE UPDATE OF status ON complaint FOR EACH ROW "
        f"WHEN (OLD.status <> NEW.status AND NOT ({ways})) EXECUTE FUNCTION refuse_way()"
    )
    op.execute(REFUSE_CHANGE)
    table = "complaint_history"
    op.execute(f"CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OF {STEP} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
