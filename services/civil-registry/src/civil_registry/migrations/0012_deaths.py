"""Deaths: reports with papers and history, a register and chain of their own, certificates beside those of births."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012_deaths"
down_revision = "0010_data_requests"

MOMENT = sa.DateTime(timezone=True)
STATES = "'draft', 'submitted', 'in_check', 'returned', 'awaiting_late_decision', 'registered', 'signed', 'issued', 'collected', 'rejected', 'cancelled'"
STEPS = "'verification', 'late_decision', 'registration', 'signature'"
DIFFERENT_PEOPLE = (
    "verifier_sub <> registrar_sub AND verifier_sub <> signer_sub AND registrar_sub <> signer_sub "
    "AND owner_sub <> verifier_sub AND owner_sub <> registrar_sub AND owner_sub <> signer_sub"
)
OF_ONE_ENTRY = (
    "(record_id IS NULL) = (registration_id IS NULL) AND (death_record_id IS NULL) = (death_registration_id IS NULL) "
    "AND (record_id IS NULL) <> (death_record_id IS NULL)"
)


def upgrade() -> None:
    _registration()
    _history_and_papers()
    _record()
    _certificate()
    for table in ("death_record", "death_history"):
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )


def _of_registration(table: str) -> sa.Column[Any]:
    key = sa.ForeignKey("death_registration.id", name=f"fk_{table}_registration_id")
    return sa.Column("registration_id", sa.Uuid, key, nullable=False)


def _registration() -> None:
    table = "death_registration"
    op.create_table(
        table,
        *_aggregate(),
        *(sa.Column(name, sa.String, nullable=False) for name in ("office", "owner_sub", "path", "kelurahan_code")),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("deceased_nik_index", sa.LargeBinary),
        sa.Column("died_on", sa.Date, nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("created_at", "updated_at", "status_since")),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("waits_for", sa.String(40)),
        sa.Column("number", sa.String),
        sa.Column("submitted_at", MOMENT),
        sa.Column("days_after_death", sa.Integer),
        sa.Column("late", sa.Boolean, nullable=False),
        *(sa.Column(name, MOMENT) for name in ("deadline", "legal_deadline", "verified_at")),
        *(sa.Column(name, sa.String) for name in ("verifier_sub", "registrar_sub", "signer_sub", "record_no")),
        sa.Column("certificate_id", sa.Uuid),
        sa.UniqueConstraint("number", name=f"uq_{table}_number"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint(f"waits_for IN ({STEPS})", name="waits_for"),
        sa.CheckConstraint(DIFFERENT_PEOPLE, name="different_people"),
        sa.CheckConstraint("number IS NOT NULL OR status = 'draft'", name="numbered"),
    )
    filed = sa.text("status <> 'draft'")
    op.create_index("uq_death_registration_deceased", table, ["deceased_nik_index"], unique=True, postgresql_where=filed)
    op.create_index("ix_death_registration_owner_sub", table, ["owner_sub", "id"])
    op.create_index("ix_death_registration_office", table, ["office", "id"])
    waiting = sa.text("waits_for IS NOT NULL")
    op.create_index("ix_death_registration_waiting", table, ["office", "status_since", "id"], postgresql_where=waiting)


def _history_and_papers() -> None:
    op.create_table(
        "death_history",
        sa.Column("id", sa.Uuid, primary_key=True),
        _of_registration("death_history"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_sub", sa.String, nullable=False),
        sa.Column("step", sa.String(40)),
        sa.Column("reason_code", sa.String),
        sa.Column("said", sa.LargeBinary),
        sa.UniqueConstraint("registration_id", "position", name="uq_death_history_registration_id_position"),
        sa.CheckConstraint(f"status IN ({STATES})", name="status"),
        sa.CheckConstraint(f"step IN ({STEPS})", name="step"),
    )
    table = "death_document"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        _of_registration(table),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name=f"fk_{table}_file_id"), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
    )
    op.create_index("ix_death_document_registration_id", table, ["registration_id", "id"])
    op.create_index("ix_death_document_file_id", table, ["file_id"])


def _record() -> None:
    table = "death_record"
    op.create_table(
        table,
        *_aggregate(),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        _of_registration(table),
        *(sa.Column(name, sa.String, nullable=False) for name in ("office", "kind", "kelurahan_code")),
        sa.Column("registered_on", sa.Date, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registrar_sub", sa.String, nullable=False),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("content", "previous_hash", "hash")),
        *(sa.UniqueConstraint(name, name=f"uq_{table}_{name}") for name in ("position", "number", "registration_id", "hash")),
        sa.CheckConstraint("kind IN ('in_time', 'late')", name="kind"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )


def _certificate() -> None:
    table = "certificate"
    for column in ("registration", "record"):
        op.alter_column(table, f"{column}_id", nullable=True)
        key = sa.ForeignKey(f"death_{column}.id", name=f"fk_{table}_death_{column}_id")
        op.add_column(table, sa.Column(f"death_{column}_id", sa.Uuid, key))
        op.create_index(f"ix_{table}_death_{column}_id", table, [f"death_{column}_id"])
    op.create_check_constraint("of_one_entry", table, OF_ONE_ENTRY)
