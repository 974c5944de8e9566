"""The register: one entry a birth, added and never changed."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.rules.register_chain import Link, holds
from smartcity.storage import Aggregate, Encrypted


class BirthRecord(Aggregate):
    """One entry of the register of births (UU 23/2006 Pasal 67(4)). Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.

    `content` is the whole entry as canonical JSON, encrypted; `hash` covers it and the entry before (`rules/register_chain`).
    The other columns only find it. `child_nik_index` keeps a NIK from being given twice.
    """

    __tablename__ = "birth_record"
    __table_args__ = (
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("registration_id"),
        sa.UniqueConstraint("child_nik_index"),
        sa.UniqueConstraint("hash"),
        sa.CheckConstraint("kind IN ('in_time', 'late')", name="kind"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[str]
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    office: Mapped[str]
    first_owner_sub: Mapped[str] = mapped_column("owner_sub")
    kind: Mapped[str]
    kelurahan_code: Mapped[str]
    registered_on: Mapped[date]
    registered_at: Mapped[datetime]
    registrar_sub: Mapped[str]
    child_nik_index: Mapped[bytes]
    content: Mapped[str] = mapped_column(Encrypted)
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    registration: Mapped[BirthRegistration] = relationship(viewonly=True, init=False)

    @property
    def owner_sub(self) -> str:
        """Whose it is: the parent may have claimed the registration after the entry was made, and the entry never changes."""
        return self.registration.owner_sub

    @property
    def link(self) -> Link:
        """The entry as a link of the chain."""
        return Link(self.position, self.content, self.previous_hash, self.hash)

    @property
    def says(self) -> dict[str, Any]:
        """The entry itself."""
        return json.loads(self.content)  # type: ignore[no-any-return]

    @property
    def found_as_it_says(self) -> bool:
        """Do the columns by which it is found agree with what it says?"""
        found = {
            "number": self.number, "registration_id": str(self.registration_id), "kind": self.kind, "kelurahan_code": self.kelurahan_code,
            "registered_at": self.registered_at.isoformat(), "registrar_sub": self.registrar_sub,
        }  # fmt: skip
        return found.items() <= self.says.items()

    @property
    def unchanged(self) -> bool:
        """Does its hash still fit it?"""
        return holds(self.link) and self.found_as_it_says
