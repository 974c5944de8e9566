"""An entry of a register, of whatever event: numbered, chained, never changed."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from civil_registry.rules.register_chain import Link, holds
from smartcity.storage import Aggregate


class RegisterEntry(Aggregate):
    """One entry (UU 23/2006 Pasal 67(4)). Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.

    `content` is the whole entry as canonical JSON, encrypted; `hash` covers it and the entry before (`rules/register_chain`).
    The other columns only find it.
    """

    __abstract__ = True

    if TYPE_CHECKING:
        position: Mapped[int]
        number: Mapped[str]
        registration_id: Mapped[UUID]
        office: Mapped[str]
        kind: Mapped[str]
        kelurahan_code: Mapped[str]
        registered_on: Mapped[date]
        registered_at: Mapped[datetime]
        registrar_sub: Mapped[str]
        content: Mapped[str]
        previous_hash: Mapped[bytes]
        hash: Mapped[bytes]
        registration: Mapped[Any]

    @property
    def owner_sub(self) -> str:
        """Whose it is: the registration may have been claimed after the entry was made, and the entry never changes."""
        return self.registration.owner_sub  # type: ignore[no-any-return]

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
