"""Where a change of an account comes from, and telling its owner of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.use_cases import letters


@dataclass(frozen=True)
class Origin:
    """From where it is asked, and in which language whoever asks is written to."""

    address: str
    language: str


def tell(session: Session, account: Account, kind: str, origin: Origin, now: datetime, **facts: str) -> None:
    """A letter of that kind to the account's address, if it has one."""
    if account.email:
        letters.write(session, account.email, kind, origin.language, now, **facts)
