"""Bank statements with their lines, loaded once; reconciliations of cash days, their findings, and the steps taken on them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006_bank_statements"
down_revision = "0005_bills_by_hand"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _statement()
    _reconciliation()
    _finding()
    _step()
    op.create_index("ix_deposit_slip_deposited_at", "deposit_slip", ["deposited_at"])
    op.create_index("ix_refund_paid_at", "refund", ["paid_at"])
    for table in ("bank_line", "reconciliation_finding_step"):
        op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _column(name: str, kind: Any, *more: Any, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *more, nullable=null)


def _aggregate() -> tuple[sa.Column[Any], ...]:
    return sa.Column("id", sa.Uuid, primary_key=True), _column("version", sa.Integer), _column("told", sa.Integer)


def _one_of(name: str, *values: str, null: bool = False) -> tuple[sa.Column[Any], sa.CheckConstraint]:
    listed = ", ".join(f"'{value}'" for value in values)
    return _column(name, sa.String(40), null=null), sa.CheckConstraint(f"{name} IN ({listed})", name=name)


def _statement() -> None:
    op.create_table(
        "bank_statement",
        *_aggregate(),
        _column("account", sa.String),
        _column("statement_id", sa.String),
        *_one_of("format", "camt.053", "mt940", "csv"),
        _column("opening", sa.BigInteger),
        _column("closing", sa.BigInteger),
        _column("opened_on", sa.Date),
        _column("closed_on", sa.Date),
        _column("line_count", sa.Integer),
        _column("sha256", sa.LargeBinary),
        _column("loaded_at", MOMENT),
        _column("loaded_by", sa.String),
        _column("matched_at", MOMENT, null=True),
        sa.UniqueConstraint("account", "statement_id", name="uq_bank_statement_account_statement_id"),
        sa.CheckConstraint("opened_on <= closed_on", name="days"),
    )
    op.create_index("ix_bank_statement_account", "bank_statement", ["account", "closed_on"])
    op.create_table(
        "bank_line",
        sa.Column("statement_id", sa.Uuid, sa.ForeignKey("bank_statement.id", name="fk_bank_line_statement_id"), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        _column("value_date", sa.Date),
        _column("booking_date", sa.Date),
        _column("amount", sa.BigInteger),
        _column("kind", sa.String),
        _column("references", ARRAY(sa.String)),
        _column("narrative", sa.LargeBinary),
        sa.CheckConstraint("amount <> 0", name="amount"),
    )


def _reconciliation() -> None:
    op.create_table(
        "reconciliation",
        *_aggregate(),
        _column("office", sa.String),
        _column("day", sa.Date),
        *_one_of("status", "open", "reconciled"),
        _column("resolved", sa.Integer),
        _column("reconciled_at", MOMENT, null=True),
        sa.UniqueConstraint("day", "office", name="uq_reconciliation_day_office"),
        sa.CheckConstraint("(status = 'reconciled') = (reconciled_at IS NOT NULL)", name="told"),
    )
    op.create_index("ix_reconciliation_office", "reconciliation", ["office", "id"])
    op.create_index("ix_reconciliation_office_status", "reconciliation", ["office", "status", "id"])
    op.create_index("ix_reconciliation_status", "reconciliation", ["status", "id"])


def _finding() -> None:
    op.create_table(
        "reconciliation_finding",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _column("reconciliation_id", sa.Uuid, sa.ForeignKey("reconciliation.id", name="fk_reconciliation_finding_reconciliation_id")),
        *_one_of("outcome", "matched", "amount_differs", "bank_only", "book_only", "duplicate"),
        _column("open", sa.Boolean),
        _column("found_in", sa.Uuid, sa.ForeignKey("bank_statement.id", name="fk_reconciliation_finding_found_in")),
        _column("line_of", sa.Uuid, null=True),
        _column("line", sa.Integer, null=True),
        _column("bank_amount", sa.BigInteger, null=True),
        *_one_of("book_kind", "payment", "deposit_slip", "refund", "sweep", "cash_in", null=True),
        _column("book_id", sa.Uuid, null=True),
        _column("book_amount", sa.BigInteger, null=True),
        sa.CheckConstraint("(line IS NULL) = (line_of IS NULL) AND (book_id IS NULL) = (book_kind IS NULL)", name="pairs"),
        sa.CheckConstraint("(line IS NULL) = (outcome = 'book_only') AND (book_id IS NULL) = (outcome = 'bank_only')", name="sides"),
        sa.CheckConstraint("NOT open OR outcome <> 'matched'", name="open"),
    )
    once = sa.text("outcome <> 'duplicate'")
    op.create_index("uq_finding_line", "reconciliation_finding", ["line_of", "line"], unique=True)
    op.create_index("uq_finding_book", "reconciliation_finding", ["book_id", "book_kind"], unique=True, postgresql_where=once)
    op.create_index("ix_finding_reconciliation", "reconciliation_finding", ["reconciliation_id", "id"])
    op.create_index("ix_finding_outcome", "reconciliation_finding", ["reconciliation_id", "outcome", "id"])
    op.create_index("ix_finding_open", "reconciliation_finding", ["reconciliation_id", "id"], postgresql_where=sa.text("open"))
    op.create_index("ix_finding_found_in", "reconciliation_finding", ["found_in"], postgresql_where=sa.text("open"))


def _step() -> None:
    op.create_table(
        "reconciliation_finding_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _column("finding_id", sa.BigInteger, sa.ForeignKey("reconciliation_finding.id", name="fk_reconciliation_finding_step_finding_id")),
        _column("at", MOMENT),
        _column("who", sa.String),
        _column("was", sa.String),
        _column("reason_code", sa.String),
        _column("note", sa.String),
    )
    op.create_index("ix_finding_step_finding_id", "reconciliation_finding_step", ["finding_id", "id"])
