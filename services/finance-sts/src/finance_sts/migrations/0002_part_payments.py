"""Part payments and what is carried over, accounts of a payment, slips numbered at deposit, SNAP refusals kept, closed days the database guards.

Rows that are there keep their meaning: what a payment fell on is read from the books.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_part_payments"
down_revision = "0001_initial"

MOMENT = sa.DateTime(timezone=True)
OPEN = "status IN ('issued', 'part_paid')"


def upgrade() -> None:
    _bill()
    _payment()
    _deposit_slip()
    _snap_request()
    _ledger()
    _guards()


def _money(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _bill() -> None:
    op.add_column("bill", _money("carried_total"))
    op.add_column("bill", sa.Column("updated_at", MOMENT, nullable=False, server_default=sa.func.now()))
    op.execute("UPDATE bill SET updated_at = coalesce(cancelled_at, issued_at)")
    op.drop_constraint(op.f("ck_bill_paid"), "bill")
    op.create_check_constraint("paid_in_full", "bill", "(status = 'paid') = (paid_total = total AND status <> 'cancelled')")
    op.create_check_constraint("carried", "bill", "carried_total >= 0 AND carried_total <= paid_total")
    op.create_index("ix_bill_office_status", "bill", ["office", "status", "id"])
    op.create_index("ix_bill_owner_status", "bill", ["owner_sub", "status", "id"])
    op.create_index("uq_bill_open", "bill", ["ref_service", "ref_kind", "ref_id"], unique=True, postgresql_where=sa.text(OPEN))


def _payment() -> None:
    op.add_column("payment", _money("refund_total"))
    op.execute("UPDATE payment SET refund_total = (SELECT coalesce(sum(amount), 0) FROM refund WHERE payment_id = payment.id)")
    op.drop_constraint(op.f("ck_payment_amount"), "payment")
    op.create_check_constraint("amounts", "payment", "amount > 0 AND refund_total >= 0 AND refund_total <= amount")
    op.create_table(
        "payment_head",
        sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payment.id", name="fk_payment_head_payment_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("account_code", sa.String, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    op.execute(
        "INSERT INTO payment_head SELECT p.id, l.line, l.account_code, l.credit FROM payment p "
        "JOIN ledger_entry e ON e.cause = 'payment:' || p.id JOIN ledger_line l ON l.entry_id = e.id WHERE l.credit > 0"
    )


def _deposit_slip() -> None:
    op.alter_column("deposit_slip", "number", nullable=True)
    op.add_column("deposit_slip", sa.Column("verify_code", sa.String))
    op.add_column("deposit_slip", sa.Column("credited_total", sa.BigInteger))
    op.execute("UPDATE deposit_slip SET credited_total = total WHERE status = 'validated'")
    op.create_check_constraint("numbered", "deposit_slip", "number IS NOT NULL OR status = 'draft'")
    op.create_index("uq_deposit_slip_credit_note", "deposit_slip", ["credit_note"], unique=True)


def _snap_request() -> None:
    op.add_column("snap_request", sa.Column("status", sa.Integer, nullable=False, server_default="200"))


def _ledger() -> None:
    op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER append_only")
    op.add_column("ledger_entry", _money("total"))
    op.execute("UPDATE ledger_entry SET total = (SELECT sum(debit) FROM ledger_line WHERE entry_id = ledger_entry.id)")
    op.execute("ALTER TABLE ledger_entry ENABLE TRIGGER append_only")
    op.create_index("ix_ledger_entry_at", "ledger_entry", ["at"])


def _guards() -> None:
    """Both sides equal the entry's total (so that nothing can be added later), and nothing is booked on a closed day."""
    op.execute(
        "CREATE OR REPLACE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$"
        "DECLARE entry uuid; due bigint; debits bigint; credits bigint; BEGIN "
        "IF TG_TABLE_NAME = 'ledger_entry' THEN entry := NEW.id; ELSE entry := NEW.entry_id; END IF; "
        "SELECT total INTO due FROM ledger_entry WHERE id = entry; "
        "SELECT coalesce(sum(debit), 0), coalesce(sum(credit), 0) INTO debits, credits FROM ledger_line WHERE entry_id = entry; "
        "IF debits <> due OR credits <> due OR due <= 0 THEN "
        "RAISE EXCEPTION 'debits and credits differ' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance'; "
        "END IF; RETURN NULL; END$$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER ledger_entry_balance AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_balance()"
    )
    op.execute(
        "CREATE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "IF EXISTS (SELECT 1 FROM closed_day WHERE office = NEW.office AND day = NEW.day) THEN "
        "RAISE EXCEPTION 'the day is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'day_closed'; "
        "END IF; RETURN NEW; END$$"
    )
    op.execute("CREATE TRIGGER day_closed BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_closed_day()")
    op.execute("CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON closed_day FOR EACH ROW EXECUTE FUNCTION refuse_change()")
