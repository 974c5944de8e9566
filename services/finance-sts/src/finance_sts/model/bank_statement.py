"""What a bank says of an account of the city: a statement and its lines, loaded once and never changed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.rules.statement import Line
from smartcity.storage import Aggregate, Base, states
from smartcity.storage.encryption import Encrypted, seal


class Format(StrEnum):
    CAMT_053 = "camt.053"
    MT940 = "mt940"
    CSV = "csv"


class BankStatement(Aggregate):
    """One statement; `statement_id` is the bank's own name for it. Its balances hold: opening + lines = closing, whole rupiah.

    `matched_at` is when its lines were first compared with the books.
    """

    __tablename__ = "bank_statement"
    __table_args__ = (
        sa.UniqueConstraint("account", "statement_id"),
        sa.CheckConstraint("opened_on <= closed_on", name="days"),
        sa.Index("ix_bank_statement_account", "account", "closed_on"),
    )

    account: Mapped[str]
    statement_id: Mapped[str]
    format: Mapped[Format] = mapped_column(states(Format, "format"))
    opening: Mapped[int] = mapped_column(sa.BigInteger)
    closing: Mapped[int] = mapped_column(sa.BigInteger)
    opened_on: Mapped[date]
    closed_on: Mapped[date]
    line_count: Mapped[int]
    sha256: Mapped[bytes]
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[str]
    matched_at: Mapped[datetime | None] = mapped_column(default=None)


class BankLine(Base):
    """One movement, whole rupiah, positive what came in. Its narrative may name a payer, and is kept encrypted."""

    __tablename__ = "bank_line"
    __table_args__ = (sa.CheckConstraint("amount <> 0", name="amount"),)

    statement_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bank_statement.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    value_date: Mapped[date]
    booking_date: Mapped[date]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str]
    references: Mapped[list[str]] = mapped_column(ARRAY(sa.String))
    narrative: Mapped[str] = mapped_column(Encrypted)


def copy_lines(session: Session, statement_id: UUID, lines: tuple[Line, ...]) -> None:
    """Keep the lines, by COPY: a hundred thousand of them come in one statement."""
    columns = 'statement_id, line, value_date, booking_date, amount, kind, "references", narrative'
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("the session has no connection")
    with driver.cursor() as cursor, cursor.copy(f"COPY bank_line ({columns}) FROM STDIN") as copy:
        for number, one in enumerate(lines, 1):
            found = list(one.references), seal(one.narrative)
            copy.write_row((statement_id, number, one.value_date, one.booking_date, one.amount, one.kind, *found))
