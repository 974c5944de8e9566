"""Entries are corrected, cancelled and copied: acts of two people, notes in the margin, certificates in the place of earlier ones."""

import sqlalchemy as sa
from alembic import op

revision = "0008_acts_about_an_entry"
down_revision = "0007_filed_for_a_parent"

MOMENT = sa.DateTime(timezone=True)
STATES = "'draft', 'submitted', 'in_check', 'returned', 'awaiting_late_decision', 'registered', 'signed', 'issued', 'collected', 'rejected', 'cancelled'"
PENDING = sa.text("status = 'proposed'")
CHILD = ["mother_nik_index", "born_on", "child_name_index", "twin_order"]


def upgrade() -> None:
    for table in ("birth_registration", "registration_history"):
        op.drop_constraint(f"ck_{table}_status", table)
        op.create_check_constraint("status", table, f"status IN ({STATES})")
    op.drop_index("uq_birth_registration_child", "birth_registration")
    filed = sa.text("status NOT IN ('draft', 'rejected', 'cancelled')")
    op.create_index("uq_birth_registration_child", "birth_registration", CHILD, unique=True, postgresql_where=filed)
    _certificate()
    _record_act()
    _marginal_note()


def _certificate() -> None:
    table = "certificate"
    op.add_column(table, sa.Column("edition", sa.Integer, nullable=False, server_default="1"))
    op.add_column(table, sa.Column("noted", sa.BigInteger, nullable=False, server_default="0"))
    for column in ("number", "registration_id"):
        op.drop_constraint(f"uq_{table}_{column}", table)
    op.create_unique_constraint("uq_certificate_number_edition", table, ["number", "edition"])
    op.create_index("ix_certificate_registration_id", table, ["registration_id"])
    op.create_index("uq_certificate_valid", table, ["record_id"], unique=True, postgresql_where=sa.text("status = 'valid'"))


def _record_act() -> None:
    table = "record_act"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Uuid, sa.ForeignKey("birth_record.id", name=f"fk_{table}_record_id"), nullable=False),
        sa.Column("record_no", sa.String, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason_code", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("proposer_sub", sa.String, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_file.id", name=f"fk_{table}_file_id")),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("signer_sub", sa.String),
        sa.Column("decided_at", MOMENT),
        sa.Column("refused_because", sa.LargeBinary),
        sa.CheckConstraint("kind IN ('correction', 'cancellation', 'copy')", name="kind"),
        sa.CheckConstraint("status IN ('proposed', 'signed', 'refused')", name="status"),
        sa.CheckConstraint("status = 'proposed' OR (signer_sub IS NOT NULL AND signer_sub <> proposer_sub)", name="different_people"),
        sa.CheckConstraint("kind <> 'cancellation' OR file_id IS NOT NULL", name="ruling_shown"),
    )
    op.create_index("ix_record_act_record_id", table, ["record_id", "id"])
    op.create_index("ix_record_act_file_id", table, ["file_id"])
    op.create_index("uq_record_act_pending", table, ["record_id"], unique=True, postgresql_where=PENDING)
    op.create_index("ix_record_act_waiting", table, ["office", "proposed_at", "id"], postgresql_where=PENDING)


def _marginal_note() -> None:
    table = "marginal_note"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("record_id", sa.Uuid, sa.ForeignKey("birth_record.id", name=f"fk_{table}_record_id"), nullable=False),
        sa.Column("act_id", sa.Uuid, sa.ForeignKey("record_act.id", name=f"fk_{table}_act_id"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("noted_on", sa.Date, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        *(sa.UniqueConstraint(name, name=f"uq_{table}_{name}") for name in ("position", "act_id", "hash")),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )
    op.create_index("ix_marginal_note_record_id", table, ["record_id", "position"])
    op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
