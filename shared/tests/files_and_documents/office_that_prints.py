"""An office that prints receipts; its dictionary stands for committed rows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity import documents
from smartcity.documents import Document, StoredDocument
from smartcity.documents.store import DocumentRow
from smartcity.money import format_rupiah, terbilang
from smartcity.storage.entity import uuid7
from smartcity.storage.transaction import Database

RECEIPT = {"number": "00017/SSRD/BKAD/2026", "payer": "Budi", "lines": [("Retribusi PBG", 187_625)]}


@dataclass
class Office:
    """A service as far as documents look at it; `rows` stands for its committed rows."""

    name: str = "printing-office"
    package: str = "printing_office"
    verify_letter: str | None = "F"
    rows: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    times_asked: int = 0

    @property
    def documents(self) -> tuple[Document, ...]:
        return (Document("receipt", "receipt.typ", self.content, self.statement, self.standing),)

    def content(self, session: Session, subject: UUID) -> dict[str, Any]:
        self.times_asked += 1
        session.scalars(sa.select(DocumentRow.code)).all()  # an office reads its rows, and reading flushes
        row = self.rows[subject]
        total = sum(amount for _, amount in row["lines"])
        return {
            "office": "Badan Keuangan dan Aset Daerah",
            "number": row["number"],
            "payer": row["payer"],
            "address": "Jl. Kapten Maulana Lubis No. 2, Petisah Tengah",
            "purpose": "Retribusi persetujuan bangunan gedung",
            "lines": [[str(i), name, format_rupiah(amount)] for i, (name, amount) in enumerate(row["lines"], 1)],
            "total": format_rupiah(total),
            "in_words": terbilang(total),
            "date": "24 November 2026",
            "signer": "Rahmawati Siregar, S.E.",
        }

    def statement(self, session: Session, subject: UUID) -> dict[str, Any]:
        row = self.rows[subject]
        return {"number": row["number"], "date": date(2026, 11, 24), "total": sum(amount for _, amount in row["lines"])}

    def standing(self, session: Session, subject: UUID) -> str:
        return str(self.rows[subject].get("standing", "valid"))


def printed(database: Database, office: Office, row: dict[str, Any] = RECEIPT) -> StoredDocument:
    """The paper of a receipt: promised in one commit, fetched in the next."""
    subject = uuid7()
    office.rows[subject] = dict(row)
    with database.transaction() as session:
        documents.promise(session, "receipt", subject)
    with database.transaction() as session:
        return documents.deliver(session, "receipt", subject)
