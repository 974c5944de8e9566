"""The kernel's tables, and those of finance-sts: charges, bills, payments, refunds, slips, and the books nobody can change."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from smartcity.storage import kernel_schema as kernel

revision = "0001_initial"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    kernel.create_v1()
    _charge()
    _bill()
    _deposit_slip()
    _payment()
    _refund()
    _ledger()
    _snap_request()
    _books_are_append_only()


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _one_of(name: str, *values: str) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.Column(name, sa.String(40), nullable=False), sa.CheckConstraint(f"{name} IN ({listed})", name=name)


def _charge() -> None:
    op.create_table(
        "charge",
        sa.Column("service", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("reference_id", sa.Uuid, primary_key=True),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("assessed", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.CheckConstraint("received >= 0", name="received"),
    )


def _bill() -> None:
    op.create_table(
        "bill",
        *_aggregate(),
        *_text("number", "office", "owner_sub"),
        sa.Column("payer_name", sa.LargeBinary, nullable=False),
        sa.Column("payer_address", sa.LargeBinary, nullable=False),
        *_text("ref_service", "ref_kind"),
        sa.Column("ref_id", sa.Uuid, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        *_text("virtual_account_no", "qris_payload", "verify_code"),
        sa.Column("paid_total", sa.BigInteger, nullable=False),
        *_one_of("status", "draft", "issued", "part_paid", "paid", "cancelled", "written_off"),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancel_reason", sa.String),
        sa.Column("replaced_by", sa.Uuid),
        sa.UniqueConstraint("number", name="uq_bill_number"),
        sa.UniqueConstraint("virtual_account_no", name="uq_bill_virtual_account_no"),
        sa.CheckConstraint("total > 0 AND paid_total >= 0 AND paid_total <= total", name="amounts"),
        sa.CheckConstraint("(status = 'paid') = (paid_total = total)", name="paid"),
    )
    op.create_index("ix_bill_owner_sub", "bill", ["owner_sub", "id"])
    op.create_index("ix_bill_office", "bill", ["office", "id"])
    op.create_index("ix_bill_reference", "bill", ["ref_service", "ref_kind", "ref_id"])
    op.create_table(
        "bill_head",
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_bill_head_bill_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("account_code", sa.String, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )


def _deposit_slip() -> None:
    op.create_table(
        "deposit_slip",
        *_aggregate(),
        *_text("number", "office"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        *_text("treasurer_sub"),
        sa.Column("made_at", MOMENT, nullable=False),
        *_one_of("status", "draft", "deposited", "validated", "reconciled", "differing"),
        sa.Column("deposited_at", MOMENT),
        sa.Column("deposit_reference", sa.String),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("validated_at", MOMENT),
        sa.Column("validated_by", sa.String),
        sa.Column("credit_note", sa.String),
        sa.UniqueConstraint("number", name="uq_deposit_slip_number"),
        sa.CheckConstraint("total > 0", name="total"),
        sa.CheckConstraint("validated_by IS NULL OR validated_by <> treasurer_sub", name="two_people"),
    )
    op.create_index("ix_deposit_slip_office", "deposit_slip", ["office", "id"])
    op.create_index("ix_deposit_slip_day", "deposit_slip", ["office", "day"])
    op.create_table(
        "closed_day",
        sa.Column("office", sa.String, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("closed_by", sa.String, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("deposited", sa.BigInteger, nullable=False),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        *_aggregate(),
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_payment_bill_id"), nullable=False),
        *_text("owner_sub", "office", "bank", "bank_reference"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        *_one_of("channel", "virtual_account", "qris", "counter_cash", "counter_card", "counter_transfer"),
        sa.Column("paid_at", MOMENT, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *_text("recorded_by", "receipt_no", "verify_code"),
        *_one_of("status", "usable", "refund_due", "refunded"),
        sa.Column("slip_id", sa.Uuid, sa.ForeignKey("deposit_slip.id", name="fk_payment_slip_id")),
        sa.UniqueConstraint("bank", "bank_reference", name="uq_payment_bank_bank_reference"),
        sa.UniqueConstraint("receipt_no", name="uq_payment_receipt_no"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )
    op.create_index("ix_payment_bill_id", "payment", ["bill_id"])
    op.create_index("ix_payment_office", "payment", ["office", "id"])
    op.create_index("ix_payment_owner_sub", "payment", ["owner_sub", "id"])
    op.create_index("ix_payment_day", "payment", ["office", "day"])
    op.create_index("ix_payment_slip_id", "payment", ["slip_id"])


def _refund() -> None:
    op.create_table(
        "refund",
        *_aggregate(),
        sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payment.id", name="fk_refund_payment_id"), nullable=False),
        sa.Column("bill_id", sa.Uuid, nullable=False),
        *_text("office", "owner_sub", "cause"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        *_text("reason_code"),
        sa.Column("requested_at", MOMENT, nullable=False),
        *_one_of("status", "requested", "approved", "paid"),
        sa.Column("approved_by", sa.String),
        sa.Column("paid_by", sa.String),
        sa.Column("paid_at", MOMENT),
        sa.Column("bank_reference", sa.String),
        sa.UniqueConstraint("cause", name="uq_refund_cause"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("paid_by IS NULL OR paid_by <> approved_by", name="two_people"),
    )
    op.create_index("ix_refund_office", "refund", ["office", "id"])
    op.create_index("ix_refund_owner_sub", "refund", ["owner_sub", "id"])
    op.create_index("ix_refund_payment_id", "refund", ["payment_id"])


def _ledger() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *_text("office", "cause"),
        sa.UniqueConstraint("cause", name="uq_ledger_entry_cause"),
    )
    op.create_index("ix_ledger_entry_office", "ledger_entry", ["office", "id"])
    op.create_table(
        "ledger_line",
        sa.Column("entry_id", sa.Uuid, sa.ForeignKey("ledger_entry.id", name="fk_ledger_line_entry_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("account_code", sa.String, nullable=False),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
        sa.CheckConstraint("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"),
    )
    op.create_index("ix_ledger_line_account_code", "ledger_line", ["account_code", "entry_id"])


def _snap_request() -> None:
    op.create_table(
        "snap_request",
        sa.Column("partner", sa.String, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("external_id", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("answer", JSONB, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )


def _books_are_append_only() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END$$"
    )
    for table in ("ledger_entry", "ledger_line"):
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "IF (SELECT sum(debit) - sum(credit) FROM ledger_line WHERE entry_id = NEW.entry_id) <> 0 THEN "
        "RAISE EXCEPTION 'debits and credits differ' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance'; "
        "END IF; RETURN NULL; END$$"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER ledger_balance AFTER INSERT ON ledger_line DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_balance()"
    )
