"""Who works here and which programs ask: the accounts of offices and partners and the clients, brought to what a file of the city says.

Nobody opens such an account by themselves, and no password stands in the file: its person is written to and chooses one by a code to the address.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from identity.model.account import Account, AccountStatus, email_index
from identity.model.account_session import EndReason
from identity.model.client import ClientKind, GrantType
from identity.use_cases import accounts, letters, sessions
from identity.use_cases.accounts import NewAccount, NewClient, put_account, put_client
from identity.use_cases.authorization import LOGIN
from smartcity.storage import uuid7

STATUSES = (AccountStatus.ACTIVE, AccountStatus.SUSPENDED)
ACCOUNT = {"login", "name", "roles", "office", "email", "status"}
CLIENT = {"client_id", "name", "kind", "grants", "scopes", "redirect_uris", "post_logout_redirect_uris", "jwks", "account"}


def put(session: Session, file: Mapping[str, Any], now: datetime) -> tuple[int, int]:
    """Every account and client that `file` names, by `login` and `client_id`; others stay as they are. Answers how many of each.

    Raises `ValueError` naming the row, and then nothing of the file holds.
    """
    rows = _rows(file, "accounts", ACCOUNT), _rows(file, "clients", CLIENT)
    if set(file) - {"accounts", "clients"}:
        raise ValueError("the file has accounts and clients, and nothing else")
    for kind, put_one in zip(rows, (_put_account, _put_client), strict=True):
        for row in kind:
            try:
                put_one(session, row, now)
                session.flush()
            except (ValueError, KeyError, TypeError) as wrong:
                raise ValueError(f"{row.get('login') or row.get('client_id')}: {wrong}") from None
    return len(rows[0]), len(rows[1])


def _rows(file: Mapping[str, Any], kind: str, known: set[str]) -> Sequence[Mapping[str, Any]]:
    rows = file.get(kind, [])
    for row in rows:
        if not isinstance(row, dict) or set(row) - known:
            raise ValueError(f"{kind}: {row!r} has more than {', '.join(sorted(known))}")
    return rows  # type: ignore[no-any-return]


def _put_account(session: Session, row: Mapping[str, Any], now: datetime) -> None:
    login, email = row["login"], row.get("email")
    if not LOGIN.fullmatch(login) or "@" in login or (email is not None and not ("@" in email and LOGIN.fullmatch(email))):
        raise ValueError("login is a name in small letters, email an address in small letters")
    known = accounts.find(session, Account.login == login)
    if known is not None and (known.nik_index is not None or known.status is AccountStatus.CLOSED):
        raise ValueError("is a citizen's own account, or closed")
    if row.get("status", AccountStatus.ACTIVE) not in STATUSES:
        raise ValueError("status is active or suspended")
    new = NewAccount(
        login, row["name"], row["roles"], row.get("office"), known.password_hash if known else None, known.id if known else uuid7()
    )
    account = put_account(session, new, now)
    _put_address(session, account, email, now)
    account.status = AccountStatus(row.get("status", AccountStatus.ACTIVE))
    if account.status is not AccountStatus.ACTIVE:
        sessions.end_all(session, account.id, EndReason.ACCOUNT_NOT_ACTIVE, now)


def _put_address(session: Session, account: Account, email: str | None, now: datetime) -> None:
    """A new address is written to: by it the password is chosen."""
    index = email_index(email) if email else None
    if index == account.email_index:
        return
    if index is not None and accounts.find(session, Account.email_index == index) is not None:
        raise ValueError("email is another account's")
    account.email, account.email_index = email, index
    if email:
        letters.write(session, email, "office_account", "id", now, login=account.login)


def _put_client(session: Session, row: Mapping[str, Any], _: datetime) -> None:
    """A program that proves itself does so by its public keys: a secret has no place in a file."""
    owner = row.get("account")
    account = accounts.find(session, Account.login == owner) if owner else None
    if owner and account is None:
        raise ValueError(f"there is no account {owner}")
    put_client(session, NewClient(
        row["client_id"], row["name"], ClientKind(row["kind"]), [GrantType(grant) for grant in row["grants"]], row.get("scopes", ()),
        row.get("redirect_uris", ()), row.get("post_logout_redirect_uris", ()), jwks=row.get("jwks"), account_id=account.id if account else None,
    ))  # fmt: skip
