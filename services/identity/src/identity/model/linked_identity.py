"""Who of another issuer stands for which account of ours."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, blind_index


class LinkedIdentity(Base):
    """One `sub` of one issuer, kept as a keyed hash, and its account. Linked once, by who has signed in to the account."""

    __tablename__ = "linked_identity"
    __table_args__ = (sa.Index("ix_linked_identity_account_id", "account_id"),)

    subject_index: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    linked_at: Mapped[datetime]


def subject_index(issuer: str, sub: str) -> bytes:
    """How the identity is found again."""
    return blind_index(f"{issuer} {sub}", "linked-identity")
