"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import AccountChange
from identity.model.account_session import AccountSession
from identity.model.sign_in import SignIn
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    account = UUID(sub)
    return {
        "account": rows(session, Account.id, account),
        "sessions": rows(session, AccountSession.account_id, account),
        "sign_ins": rows(session, SignIn.account_id, account),
        "changes": rows(session, AccountChange.account_id, account),
    }
