"""Whom of ours a person is whom another issuer has signed in: known by its own `sub` once linked; before, by a claim it vouches for.

The claim alone opens nothing: registration does not check whose NIK it is, and who had registered another's would keep the password.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index, nik_index
from identity.model.account_change import Change, changed
from identity.model.linked_identity import LinkedIdentity, subject_index
from identity.use_cases import accounts
from identity.use_cases.origin import Origin, tell
from identity.use_cases.other_issuer import OtherIssuer
from smartcity.identity_number import is_nik


@dataclass(frozen=True)
class Known:
    """An account of ours, active or not. `unproven`: the identity that is linked with it once its owner has signed in to it, where it is not yet."""

    account: Account
    unproven: bytes = b""


def account_of_claims(session: Session, issuer: OtherIssuer, claims: Mapping[str, Any]) -> Known | None:
    """The account the claims stand for; `None` where there is none. No account is opened by itself."""
    index = subject_index(issuer.issuer, claims["sub"])
    linked = session.get(LinkedIdentity, index)
    found = session.get(Account, linked.account_id) if linked else _by_claim(session, issuer.claim, claims)
    return Known(found, b"" if linked else index) if found is not None else None


def link(session: Session, account: Account, identity: bytes, origin: Origin, now: datetime) -> None:
    """The identity opens the account from now on: its owner has just signed in to it. Kept and told."""
    row = {"subject_index": identity, "account_id": account.id, "linked_at": now}
    session.execute(postgresql.insert(LinkedIdentity).values(**row).on_conflict_do_nothing())
    session.add(changed(account.id, Change.LINKED, origin.address, now))
    tell(session, account, "linked", origin, now)


def _by_claim(session: Session, claim: str, claims: Mapping[str, Any]) -> Account | None:
    said = claims.get(claim)
    if not isinstance(said, str):
        return None
    if claim == "nik":
        known = Account.nik_index == nik_index(said) if is_nik(said) else None
    else:
        known = Account.email_index == email_index(said) if claims.get("email_verified") is True else None
    return accounts.find(session, known) if known is not None else None
