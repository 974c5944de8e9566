"""The kernel's tables, and those of the civil registry: registrations, the append-only register, certificates.

The register and the history are guarded by triggers: what was written there is neither changed nor taken away,
whoever asks (UU 23/2006 Pasal 66(2): the register is valid for ever).
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from smartcity.storage import kernel_schema as kernel

revision = "0001_initial"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
STATES = "'draft', 'submitted', 'in_check', 'returned', 'awaiting_late_decision', 'registered', 'signed', 'issued', 'collected', 'rejected'"
STEPS = "'verification', 'late_decision', 'registration', 'signature'"
FILED = "status NOT IN ('draft', 'rejected')"
WAITING = "waits_for IS NOT NULL"
GUARDED = ("birth_record", "registration_history")
GUARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$
"""


def upgrade() -> None:
    kernel.create_v1()
    _birth_registration()
    _registration_person()
    _registration_history()
    _registration_document()
    _birth_record()
    _certificate()
    op.execute(GUARD)
    for table in GUARDED:
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )


def _of_registration(table: str) -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    column = sa.Column("registration_id", sa.Uuid, nullable=False)
    return column, sa.ForeignKeyConstraint(["registration_id"], ["birth_registration.id"], name=f"fk_{table}_registration_id")


def _birth_registration() -> None:
    table = "birth_registration"
    op.create_table(table, *_aggregate(), *_said(), *_standing(), *_rules())
    child = ["mother_nik_index", "born_on", "child_name_index", "twin_order"]
    op.create_index("uq_birth_registration_child", table, child, unique=True, postgresql_where=sa.text(FILED))
    op.create_index("ix_birth_registration_owner_sub", table, ["owner_sub", "id"])
    op.create_index("ix_birth_registration_office", table, ["office", "id"])
    op.create_index("ix_birth_registration_office_status", table, ["office", "status", "id"])
    waiting = sa.text(WAITING)
    op.create_index("ix_birth_registration_waiting", table, ["office", "status_since", "id"], postgresql_where=waiting)
    op.create_index("ix_birth_registration_waiting_step", table, ["office", "waits_for", "status_since", "id"], postgresql_where=waiting)


def _said() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("kelurahan_code", sa.String, nullable=False),
        sa.Column("family_card_no", sa.LargeBinary, nullable=False),
        sa.Column("child_name", sa.LargeBinary, nullable=False),
        sa.Column("child_name_index", sa.LargeBinary, nullable=False),
        sa.Column("child_sex", sa.String(40), nullable=False),
        sa.Column("born_on", sa.Date, nullable=False),
        sa.Column("born_at", sa.String(5), nullable=False),
        sa.Column("birth_place_kind", sa.String, nullable=False),
        sa.Column("birth_place_name", sa.LargeBinary, nullable=False),
        sa.Column("birth_city", sa.String, nullable=False),
        sa.Column("child_order", sa.Integer, nullable=False),
        sa.Column("twin_order", sa.Integer, nullable=False),
        sa.Column("weight_g", sa.Integer, nullable=False),
        sa.Column("length_cm", sa.Integer),
        sa.Column("helper", sa.String, nullable=False),
        sa.Column("mother_nik_index", sa.LargeBinary, nullable=False),
    )


def _standing() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("status_since", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("waits_for", sa.String(40)),
        sa.Column("number", sa.String),
        sa.Column("submitted_at", MOMENT),
        sa.Column("days_after_birth", sa.Integer),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("deadline", MOMENT),
        sa.Column("legal_deadline", MOMENT),
        sa.Column("verified_at", MOMENT),
        sa.Column("verifier_sub", sa.String),
        sa.Column("late_decision", sa.String(40)),
        sa.Column("head_sub", sa.String),
        sa.Column("registrar_sub", sa.String),
        sa.Column("signer_sub", sa.String),
        sa.Column("record_no", sa.String),
        sa.Column("certificate_id", sa.Uuid),
    )


def _rules() -> tuple[sa.Constraint, ...]:
    return (
        sa.UniqueConstraint("number", name="uq_birth_registration_number"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint(f"waits_for IN ({STEPS})", name="waits_for"),
        sa.CheckConstraint("child_sex IN ('male', 'female')", name="child_sex"),
        sa.CheckConstraint("late_decision IN ('approved', 'rejected')", name="late_decision"),
        sa.CheckConstraint("number IS NOT NULL OR status = 'draft'", name="numbered"),
        sa.CheckConstraint(
            "status NOT IN ('registered', 'signed', 'issued', 'collected') OR (record_no IS NOT NULL AND verifier_sub IS NOT NULL "
            "AND registrar_sub IS NOT NULL AND (NOT late OR head_sub IS NOT NULL))",
            name="registered_whole",
        ),
        sa.CheckConstraint(
            "status NOT IN ('issued', 'collected') OR (certificate_id IS NOT NULL AND signer_sub IS NOT NULL)", name="issued_whole"
        ),
        sa.CheckConstraint(
            "verifier_sub <> head_sub AND verifier_sub <> registrar_sub AND verifier_sub <> signer_sub "
            "AND head_sub <> registrar_sub AND head_sub <> signer_sub AND registrar_sub <> signer_sub",
            name="different_people",
        ),
    )


def _registration_person() -> None:
    table = "registration_person"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_registration(table),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("nik", sa.LargeBinary, nullable=False),
        sa.Column("nik_index", sa.LargeBinary, nullable=False),
        sa.Column("born_on", sa.Date),
        sa.Column("relation", sa.String),
        sa.UniqueConstraint("registration_id", "part", "position", name="uq_registration_person_registration_id_part_position"),
        sa.CheckConstraint("part IN ('mother', 'father', 'reporter', 'witness')", name="part"),
        sa.CheckConstraint("position >= 1", name="position"),
    )
    op.create_index("ix_registration_person_nik_index", table, ["nik_index", "registration_id"])


def _registration_history() -> None:
    table = "registration_history"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_registration(table),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_sub", sa.String, nullable=False),
        sa.Column("step", sa.String(40)),
        sa.Column("reason_code", sa.String),
        sa.Column("said", sa.LargeBinary),
        sa.UniqueConstraint("registration_id", "position", name="uq_registration_history_registration_id_position"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint(f"step IN ({STEPS})", name="step"),
    )


def _registration_document() -> None:
    table = "registration_document"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *_of_registration(table),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name="fk_registration_document_file_id"), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
    )
    op.create_index("ix_registration_document_registration_id", table, ["registration_id", "id"])
    op.create_index("ix_registration_document_file_id", table, ["file_id"])


def _birth_record() -> None:
    table = "birth_record"
    op.create_table(
        table,
        *_aggregate(),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        *_of_registration(table),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("kelurahan_code", sa.String, nullable=False),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registrar_sub", sa.String, nullable=False),
        sa.Column("child_nik_index", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        *(
            sa.UniqueConstraint(name, name=f"uq_{table}_{name}")
            for name in ("position", "number", "registration_id", "child_nik_index", "hash")
        ),
        sa.CheckConstraint("kind IN ('in_time', 'late')", name="kind"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )


def _certificate() -> None:
    table = "certificate"
    op.create_table(
        table,
        *_aggregate(),
        sa.Column("number", sa.String, nullable=False),
        *_of_registration(table),
        sa.Column("record_id", sa.Uuid, sa.ForeignKey("birth_record.id", name="fk_certificate_record_id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("signer_sub", sa.String, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("verify_code", sa.String, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        *(sa.UniqueConstraint(name, name=f"uq_{table}_{name}") for name in ("number", "verify_code", "registration_id")),
        sa.CheckConstraint("status IN ('valid', 'superseded', 'cancelled')", name="status"),
    )
    op.create_index("ix_certificate_record_id", table, ["record_id"])
