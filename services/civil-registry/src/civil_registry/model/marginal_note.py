"""Marginal notes: what happened to an entry of the register after it was made."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civil_registry.rules.register_chain import Link
from smartcity.storage import Base, Encrypted, uuid7


class MarginalNote(Base):
    """Catatan pinggir: a correction (UU 23/2006 Pasal 71), a cancellation (Pasal 72), a further extract, or a NIK given later (of no act), beside the entry, which never changes.

    Append-only like the register, and a chain of its own: `content` is canonical JSON, encrypted, and names the entry with its hash.
    """

    __tablename__ = "marginal_note"
    __table_args__ = (
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("act_id"),
        sa.UniqueConstraint("hash"),
        sa.Index("ix_marginal_note_record_id", "record_id", "position"),
        sa.Index("ix_marginal_note_death_record_id", "death_record_id", "position"),
        sa.CheckConstraint("(record_id IS NULL) <> (death_record_id IS NULL)", name="of_one_entry"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    position: Mapped[int] = mapped_column(sa.BigInteger)
    record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("birth_record.id"))
    death_record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("death_record.id"))
    act_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("record_act.id"))
    kind: Mapped[str]
    noted_on: Mapped[date]
    content: Mapped[str] = mapped_column(Encrypted("register-acts"))
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]

    @property
    def link(self) -> Link:
        """The note as a link of the chain."""
        return Link(self.position, self.content, self.previous_hash, self.hash)

    @property
    def says(self) -> dict[str, Any]:
        """The note itself."""
        return json.loads(self.content)  # type: ignore[no-any-return]

    @property
    def found_as_it_says(self) -> bool:
        """Do the columns by which it is found agree with what it says?"""
        found = {"record_id": str(self.record_id or self.death_record_id), "kind": self.kind, "noted_on": self.noted_on.isoformat()}
        act = str(self.act_id) if self.act_id else None
        return found.items() <= self.says.items() and self.says.get("act_id") == act
