"""A closed day tells its own facts, sealed in a chain; balances are kept at its end; an entry may correct another.

A closed day takes no entries any more, nor does any day before it. Days closed before are sealed by due work, the oldest first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_sealed_days"
down_revision = "0009_instalments"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _closed_day()
    _day_balance()
    _ledger_entry()
    _guards()
    op.execute("INSERT INTO due (kind, subject, at, attempts, status) SELECT 'seal_day', id::text, closed_at, 0, 'due' FROM closed_day")


def _closed_day() -> None:
    op.add_column("closed_day", sa.Column("id", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()))
    op.add_column("closed_day", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column("closed_day", sa.Column("told", sa.Integer, nullable=False, server_default="0"))
    op.add_column("closed_day", sa.Column("entries", sa.Integer))
    op.add_column("closed_day", sa.Column("previous", sa.LargeBinary))
    op.add_column("closed_day", sa.Column("seal", sa.LargeBinary))
    op.add_column("closed_day", sa.Column("sealed_at", MOMENT))
    op.drop_constraint(op.f("pk_closed_day"), "closed_day")
    op.create_primary_key(op.f("pk_closed_day"), "closed_day", ["id"])
    op.create_unique_constraint("uq_closed_day_office_day", "closed_day", ["office", "day"])
    whole = " AND ".join(f"(seal IS NULL) = ({name} IS NULL)" for name in ("sealed_at", "previous", "entries"))
    op.create_check_constraint("sealed_whole", "closed_day", whole)
    op.create_index("ix_closed_day_unsealed", "closed_day", ["office", "day"], postgresql_where=sa.text("seal IS NULL"))


def _day_balance() -> None:
    op.create_table(
        "day_balance",
        sa.Column("office", sa.String, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("account_code", sa.String, primary_key=True),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
    )
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON day_balance FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def _ledger_entry() -> None:
    corrected = sa.ForeignKey("ledger_entry.id", name="fk_ledger_entry_corrects")
    op.add_column("ledger_entry", sa.Column("corrects", sa.Uuid, corrected))
    op.create_index("ix_ledger_entry_corrects", "ledger_entry", ["corrects"], postgresql_where=sa.text("corrects IS NOT NULL"))
    op.create_index("ix_ledger_entry_books", "ledger_entry", ["office", "day", "id"])


def _guards() -> None:
    """Of a closed day only the seal is filled in, once; what was closed and sealed stays."""
    op.execute(
        "CREATE FUNCTION keep_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "IF TG_OP = 'DELETE' OR (NEW.id, NEW.office, NEW.day, NEW.closed_by, NEW.closed_at, NEW.received, NEW.deposited) "
        "IS DISTINCT FROM (OLD.id, OLD.office, OLD.day, OLD.closed_by, OLD.closed_at, OLD.received, OLD.deposited) "
        "OR (OLD.seal IS NOT NULL AND (NEW.seal, NEW.previous, NEW.entries, NEW.sealed_at) "
        "IS DISTINCT FROM (OLD.seal, OLD.previous, OLD.entries, OLD.sealed_at)) THEN "
        "RAISE EXCEPTION 'a closed day is append-only' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END$$"
    )
    op.execute("DROP TRIGGER append_only ON closed_day")
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON closed_day FOR EACH ROW EXECUTE FUNCTION keep_closed_day()")
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "IF EXISTS (SELECT 1 FROM closed_day WHERE office = NEW.office AND day >= NEW.day) THEN "
        "RAISE EXCEPTION 'the day is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'day_closed'; "
        "END IF; RETURN NEW; END$$"
    )
