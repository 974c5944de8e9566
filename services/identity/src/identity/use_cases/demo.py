"""The invented accounts and clients of the demonstration."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

import yaml
from sqlalchemy.orm import Session

from identity.model.client import ClientKind, GrantType
from identity.model.secret import hash_secret
from identity.use_cases.accounts import NewAccount, NewClient, put_account, put_client

SECRETS = ("BANK_CLIENT_SECRET", "AGENCY_CLIENT_SECRET")


@cache
def _table(name: str) -> Mapping[str, Any]:
    return yaml.safe_load((files("identity") / "data" / f"{name}.yaml").read_text())  # type: ignore[no-any-return]


def demo_sub(login: str) -> UUID:
    """The `sub` of a demo account: the same on every machine."""
    return uuid5(UUID(_table("demo_accounts")["namespace"]), login)


def seed_demo(session: Session, password: str, now: datetime) -> int:
    """Open every demo account with `password`; answers how many. Doing it again brings them back to the table."""
    shared = hash_secret(password)  # one password, one hash: it says nothing that the demonstration does not say itself
    accounts = _table("demo_accounts")["accounts"]
    for row in accounts:
        new = NewAccount(row["login"], row["name"], row["roles"], row.get("office"), shared, demo_sub(row["login"]))
        put_account(session, new, now)
    session.flush()
    return len(accounts)


def seed_demo_clients(session: Session, secrets: Mapping[str, str]) -> int:
    """Register every demo client; `secrets` by the name of their setting (`SECRETS`). The accounts come first."""
    clients = _table("demo_clients")["clients"]
    for row in clients:
        put_client(session, NewClient(
            row["client_id"], row["name"], ClientKind(row["kind"]), [GrantType(grant) for grant in row["grants"]], row.get("scopes", ()),
            row.get("redirect_uris", ()), row.get("post_logout_redirect_uris", ()), secrets[row["secret"]] if "secret" in row else None,
            account_id=demo_sub(row["account"]) if "account" in row else None,
        ))  # fmt: skip
    return len(clients)
