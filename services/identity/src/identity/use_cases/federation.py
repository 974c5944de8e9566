"""Whom of ours a person is whom another issuer has signed in: linked once by a claim it vouches for, then by its own `sub`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index, nik_index
from identity.model.account_change import Change, changed
from identity.model.linked_identity import LinkedIdentity, subject_index
from identity.use_cases.origin import Origin, tell
from identity.use_cases.other_issuer import OtherIssuer
from smartcity.identity_number import is_nik


def account_of_claims(session: Session, issuer: OtherIssuer, claims: Mapping[str, Any], origin: Origin, now: datetime) -> Account | None:
    """The active account the claims stand for, linked from now on; `None` where there is none. No account is opened by itself."""
    index = subject_index(issuer.issuer, claims["sub"])
    linked = session.get(LinkedIdentity, index)
    if linked is not None:
        account = session.get(Account, linked.account_id)
        return account if account is not None and account.is_active else None
    found = _by_claim(session, issuer.claim, claims)
    if found is None or not found.is_active:
        return None
    row = {"subject_index": index, "account_id": found.id, "linked_at": now}
    session.execute(postgresql.insert(LinkedIdentity).values(**row).on_conflict_do_nothing())
    session.add(changed(found.id, Change.LINKED, origin.address, now))
    tell(session, found, "linked", origin, now)
    return found


def _by_claim(session: Session, claim: str, claims: Mapping[str, Any]) -> Account | None:
    said = claims.get(claim)
    if not isinstance(said, str):
        return None
    if claim == "nik":
        known = Account.nik_index == nik_index(said) if is_nik(said) else None
    else:
        known = Account.email_index == email_index(said) if claims.get("email_verified") is True else None
    return session.scalars(sa.select(Account).where(known)).one_or_none() if known is not None else None
