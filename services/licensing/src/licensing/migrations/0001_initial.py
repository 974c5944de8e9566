"""The kernel's tables, and those of licensing: applications with all that hangs on them, and permits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from smartcity.storage import kernel_schema as kernel

revision = "0001_initial"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
STATES = (
    "'draft', 'submitted', 'complete', 'returned', 'in_examination', 'approved', 'awaiting_payment', 'paid', 'issued', "
    "'rejected', 'withdrawn', 'lapsed'"
)
WAITING = "status IN ('submitted', 'complete', 'in_examination', 'approved')"


def upgrade() -> None:
    kernel.create_v1()
    _permit_application()
    _application_history()
    _application_document()
    _examination()
    _assessment()
    _bill_notice()
    _permit()


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )


def _of_application(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    column = sa.Column("application_id", sa.Uuid, nullable=False)
    return column, sa.ForeignKeyConstraint(["application_id"], ["permit_application.id"], name=f"fk_{table}_application_id")


def _permit_application() -> None:
    table = "permit_application"
    op.create_table(
        table,
        *_aggregate(),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("permit_type", sa.String, nullable=False),
        sa.Column("applicant_name", sa.LargeBinary, nullable=False),
        sa.Column("applicant_address", sa.LargeBinary, nullable=False),
        sa.Column("site_address", sa.String, nullable=False),
        sa.Column("kelurahan_code", sa.String, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("status_since", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("number", sa.String),
        sa.Column("submitted_at", MOMENT),
        sa.Column("retribution", sa.BigInteger),
        sa.Column("assessment_id", sa.Uuid),
        sa.Column("paid_total", sa.BigInteger, nullable=False),
        sa.Column("paid_told_at", MOMENT),
        sa.Column("permit_id", sa.Uuid),
        sa.UniqueConstraint("number", name="uq_permit_application_number"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint("retribution >= 0 AND paid_total >= 0", name="money"),
        sa.CheckConstraint("number IS NOT NULL OR status IN ('draft', 'withdrawn')", name="numbered"),
        sa.CheckConstraint(
            "status <> 'issued' OR (permit_id IS NOT NULL AND assessment_id IS NOT NULL AND paid_total >= retribution)",
            name="covered",
        ),
        sa.CheckConstraint("status <> 'awaiting_payment' OR assessment_id IS NOT NULL", name="assessed"),
    )
    op.create_index("ix_permit_application_owner_sub", table, ["owner_sub", "id"])
    op.create_index("ix_permit_application_office", table, ["office", "id"])
    op.create_index("ix_permit_application_office_status", table, ["office", "status", "id"])
    waiting = sa.text(WAITING)
    op.create_index("ix_permit_application_waiting", table, ["office", "status_since", "id"], postgresql_where=waiting)
    op.create_index("ix_permit_application_waiting_status", table, ["office", "status", "status_since", "id"], postgresql_where=waiting)


def _application_history() -> None:
    op.create_table(
        "application_history",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_application("application_history"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_sub", sa.String),
        sa.Column("reason_code", sa.String),
        sa.Column("reasons", JSONB, nullable=False),
        sa.UniqueConstraint("application_id", "position", name="uq_application_history_application_id_position"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
    )


def _application_document() -> None:
    table = "application_document"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_application(table),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name="fk_application_document_file_id"), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
    )
    op.create_index("ix_application_document_application_id", table, ["application_id", "id"])
    op.create_index("ix_application_document_file_id", table, ["file_id"])


def _examination() -> None:
    op.create_table(
        "examination",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_application("examination"),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("minutes", sa.String, nullable=False),
        sa.Column("examiner_sub", sa.String, nullable=False),
        sa.Column("examined_at", MOMENT, nullable=False),
        sa.UniqueConstraint("application_id", "round", name="uq_examination_application_id_round"),
        sa.CheckConstraint("round BETWEEN 1 AND 5", name="round"),
        sa.CheckConstraint("result IN ('conforms', 'needs_repair')", name="result"),
    )


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_application("assessment"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rule_set", sa.String, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("calculation", JSONB, nullable=False),
        sa.Column("assessed_on", sa.Date, nullable=False),
        sa.Column("assessed_at", MOMENT, nullable=False),
        sa.Column("assessor_sub", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.UniqueConstraint("application_id", "position", name="uq_assessment_application_id_position"),
        sa.CheckConstraint("total >= 0", name="total"),
    )


def _bill_notice() -> None:
    op.create_table(
        "bill_notice",
        sa.Column("bill_id", sa.Uuid, primary_key=True),
        *_of_application("bill_notice"),
        sa.Column("bill_no", sa.String, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("issued_at", MOMENT),
        sa.Column("virtual_account_no", sa.String),
        sa.Column("qris_payload", sa.String),
        sa.Column("paid_total", sa.BigInteger, nullable=False),
        sa.Column("paid_at", MOMENT),
        sa.Column("receipt_no", sa.String),
        sa.Column("refused_total", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_bill_notice_application_id", "bill_notice", ["application_id", "bill_id"])


def _permit() -> None:
    op.create_table(
        "permit",
        *_aggregate(),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("permit_type", sa.String, nullable=False),
        *_of_application("permit"),
        sa.Column("application_no", sa.String, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("holder_name", sa.LargeBinary, nullable=False),
        sa.Column("holder_address", sa.LargeBinary, nullable=False),
        sa.Column("site_address", sa.String, nullable=False),
        sa.Column("kelurahan_code", sa.String, nullable=False),
        sa.Column("building", JSONB, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("retribution_total", sa.BigInteger, nullable=False),
        sa.Column("receipt_no", sa.String),
        sa.Column("verify_code", sa.String, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoker_sub", sa.String),
        sa.Column("reason_code", sa.String),
        sa.UniqueConstraint("number", name="uq_permit_number"),
        sa.UniqueConstraint("application_id", name="uq_permit_application_id"),
        sa.UniqueConstraint("verify_code", name="uq_permit_verify_code"),
        sa.CheckConstraint("status IN ('active', 'amended', 'suspended', 'revoked', 'expired')", name="status"),
        sa.CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
    )
    op.create_index("ix_permit_owner_sub", "permit", ["owner_sub", "id"])
    op.create_index("ix_permit_office", "permit", ["office", "id"])
