"""The public keys an office has signed its papers with: kept in its own database, so that another `DOCUMENT_KEY` leaves every paper verifiable.

A key stands here from the commit of the first paper it signed (and from each `migrate`). One that others may know is withdrawn: the
register still knows its papers, but without asking nobody can tell them from forged ones, since a forger writes any date.
"""

import base64
import ssl
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock
from smartcity.documents import electronic
from smartcity.documents.registry import public_key, registry
from smartcity.storage.entity import Base


class DocumentKey(Base):
    """One public key (Ed25519, RFC 8032: 32 bytes) under its short name."""

    __tablename__ = "document_key"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[bytes]
    known_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)

    def shown(self) -> dict[str, Any]:
        """As it is published."""
        public = base64.b64encode(self.public).decode()
        return {"key_id": self.key_id, "public_key": public, "known_at": self.known_at, "withdrawn_at": self.withdrawn_at}


class KeyInUse(ValueError):
    """The key still signs: another `DOCUMENT_KEY` comes first."""


def know(session: Session) -> None:
    """The key of this process stands among the office's, with the caller's commit."""
    name, public = public_key()
    session.execute(
        insert(DocumentKey).values(key_id=name, public=public, known_at=clock.real_now()).on_conflict_do_nothing(index_elements=["key_id"])
    )


def known(session: Session) -> list[DocumentKey]:
    """Every key the office has signed with, the oldest first."""
    return list(session.scalars(sa.select(DocumentKey).order_by(DocumentKey.known_at, DocumentKey.key_id)))


def withdraw(session: Session, name: str, now: datetime) -> DocumentKey:
    """Papers of the key `name` no longer hold without asking the office; a second time changes nothing.

    Raises `LookupError` for a key the office never had, and `KeyInUse` for the one it signs with.
    """
    key = session.get(DocumentKey, name, with_for_update=True)
    if key is None:
        raise LookupError(f"{name} is no key of this office")
    if name == public_key()[0]:
        raise KeyInUse(f"{name} still signs: change DOCUMENT_KEY first")
    key.withdrawn_at = key.withdrawn_at or now
    return key


def signature_roots() -> list[str]:
    """The certificates (PEM) that vouch for the electronic signatures of this office's papers; none where nobody signs."""
    if not any(kind.signing for kind in registry().kinds.values()):
        return []
    return [ssl.DER_cert_to_PEM_cert(root) for root in electronic.signer().roots()]
