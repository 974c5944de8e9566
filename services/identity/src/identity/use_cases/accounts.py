"""Accounts and the clients that ask for them: opened, registered, shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.client import Client, ClientKind, GrantType
from identity.model.secret import hash_secret
from identity.rules.roles import check_roles
from smartcity.errors import NotFound
from smartcity.offices import office as office_of
from smartcity.storage import uuid7


@dataclass(frozen=True)
class NewAccount:
    """Who is to have an account. `password_hash` is `None` for a partner whose programs alone sign in."""

    login: str
    name: str
    roles: Sequence[str]
    office: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    sub: UUID = field(default_factory=uuid7)


@dataclass(frozen=True)
class NewClient:
    """A program to register: a public one by its addresses, a confidential one by its secret or its public keys (JWKS)."""

    client_id: str
    name: str
    kind: ClientKind
    grants: Sequence[GrantType]
    scopes: Sequence[str] = ()
    redirect_uris: Sequence[str] = ()
    post_logout_redirect_uris: Sequence[str] = ()
    secret: str | None = field(default=None, repr=False)
    jwks: dict[str, Any] | None = None
    account_id: UUID | None = None


def account_of(session: Session, sub: str) -> Account:
    """The account a token speaks for; `NotFound` where the token is another issuer's."""
    try:
        found = session.get(Account, UUID(sub))
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found


def find(session: Session, by: sa.ColumnElement[bool]) -> Account | None:
    """The account of a login, NIK or address: `by` compares one of the columns that no two have alike."""
    return session.scalars(sa.select(Account).where(by)).one_or_none()


def put_account(session: Session, new: NewAccount, now: datetime) -> Account:
    """Open the account, or bring the one with that `sub` to what `new` says. Raises `ValueError` for an unknown role or office."""
    account = session.get(Account, new.sub)
    if account is None:
        account = Account(id=new.sub, login=new.login, display_name=new.name, roles=[], made_at=now)
        session.add(account)
    account.login, account.display_name, account.roles = new.login, new.name, check_roles(list(new.roles))
    account.office = _office_code(new)
    account.password_hash = new.password_hash
    return account


def _office_code(new: NewAccount) -> str | None:
    """The office by its code of today; an agency is no office of the city and keeps its own."""
    if new.office is None or "agency" in new.roles:
        return new.office
    found = office_of(new.office)
    if found is None:
        raise ValueError(f"unknown office: {new.office}")
    return found.code


def put_client(session: Session, new: NewClient) -> Client:
    """Register the client, or bring the registered one to what `new` says. Raises `ValueError` for one that could never prove itself."""
    if (new.kind is ClientKind.CONFIDENTIAL) != bool(new.secret or new.jwks):
        raise ValueError(f"{new.client_id}: a confidential client has a secret or keys, a public one has neither")
    return session.merge(Client(
        client_id=new.client_id, name=new.name, kind=new.kind, grants=[str(grant) for grant in new.grants], scopes=list(new.scopes),
        redirect_uris=list(new.redirect_uris), secret_hash=hash_secret(new.secret) if new.secret else None, jwks=new.jwks,
        post_logout_redirect_uris=list(new.post_logout_redirect_uris), account_id=new.account_id,
    ))  # fmt: skip
