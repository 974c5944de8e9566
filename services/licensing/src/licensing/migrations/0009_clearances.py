"""What other offices must say before the approval; no approval while one of them is asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_clearances"
down_revision = "0008_findings"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id", name="fk_clearance_application_id"), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("silence", sa.String(40), nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("working", sa.Boolean, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("due_on", sa.Date),
        sa.Column("escalated", sa.Integer, nullable=False),
        sa.Column("document_kinds", JSONB, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(40)),
        sa.Column("by_silence", sa.Boolean, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("answerer_sub", sa.String),
        sa.Column("reasons", JSONB, nullable=False),
        sa.UniqueConstraint("application_id", "code", "turn", name="uq_clearance_application_id_code_turn"),
        *_checks(),
    )
    op.create_index("ix_clearance_waiting", "clearance", ["office", "asked_at", "id"], postgresql_where=sa.text("since IS NOT NULL"))
    _guard()


def _checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("days > 0 AND used >= 0 AND escalated >= 0", name="counts"),
        sa.CheckConstraint("(since IS NULL) = (due_on IS NULL)", name="running"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("answer IS NULL OR since IS NULL", name="stopped"),
        sa.CheckConstraint("answer IS NULL OR by_silence = (answerer_sub IS NULL)", name="by_somebody"),
        sa.CheckConstraint("NOT by_silence OR (answer = 'approved' AND silence = 'approval')", name="by_silence"),
        sa.CheckConstraint("silence IN ('approval', 'waits')", name="silence"),
        sa.CheckConstraint("answer IN ('approved', 'refused')", name="answer"),
    )


def _guard() -> None:
    """Looked at after the row's own checks, so that a plainer fault is named first."""
    op.execute(
        "CREATE FUNCTION refuse_approval() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN IF EXISTS (SELECT 1 FROM clearance WHERE application_id = NEW.id AND since IS NOT NULL) THEN "
        "RAISE EXCEPTION 'another office has not answered' USING ERRCODE = 'check_violation', CONSTRAINT = 'clear'; END IF; RETURN NULL; END$$"
    )
    op.execute(
        "CREATE TRIGGER clear AFTER UPDATE OF status ON permit_application FOR EACH ROW "
        "WHEN (OLD.status <> NEW.status AND NEW.status = 'approved') EXECUTE FUNCTION refuse_approval()"
    )
