"""From a browser's arrival to the code it carries away: the request, the sign-in, the permission."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index, opened
from identity.model.account_session import AccountSession, AuthorizationCode, hash_of, new_opaque
from identity.model.client import Client, GrantType
from identity.model.sign_in import Outcome, SignIn
from identity.rules import authorization, lifetimes
from identity.rules.authorization import CLIENT_ID, Asked
from identity.rules.lockout import Guarded
from identity.rules.passwords import LONGEST
from identity.rules.refusal import OAuthRefused
from identity.use_cases import second_factor, throttle
from identity.use_cases.origin import Origin
from identity.use_cases.throttle import Subject, TooOften
from smartcity import context
from smartcity.errors import InputWrong, Refusal
from smartcity.storage import blind_index

LOGIN = re.compile(r"[a-z0-9._%+-][a-z0-9._%@+-]{0,119}")
_CLIENT = sa.select(Client).where(Client.client_id == sa.bindparam("client_id"))
_OF_LOGIN = sa.select(Account).where(Account.login == sa.bindparam("login"))
_OF_EMAIL = sa.select(Account).where(Account.email_index == sa.bindparam("index"))


@dataclass(frozen=True)
class Attempt:
    """What a person sent with the form, and from where. `address` and `agent` only help to recognise it later."""

    login: str
    password: str = field(repr=False)
    address: str
    agent: str


class Step(StrEnum):
    """What comes before the password where another issuer has named the account: that password. What comes after it: a code of the
    authenticator; a new authenticator; and, once its recovery codes are written down, nothing."""

    PROVE = "prove"
    CODE = "code"
    ENROL = "enrol"
    ENROLLED = "enrolled"


@dataclass(frozen=True)
class SignedIn:
    """What came of an attempt: the code; or the step that is still to be taken, by whose account; or nothing and how long to wait."""

    code: str | None
    wait: timedelta = timedelta()
    step: Step | None = None
    account_id: UUID | None = None


def read_request(session: Session, params: Mapping[str, str]) -> tuple[Client, Asked]:
    """The client and what it asks. Raises `OAuthRefused` where the browser must not be sent back, else `SentBack`."""
    client = find_client(session, params.get("client_id", ""))
    if client is None:
        raise OAuthRefused("unauthorized_client", "the client is not known")
    if not client.may_be_sent_to(params.get("redirect_uri", "")):
        raise OAuthRefused("invalid_request", "the redirect_uri is not one of the client's")
    client.must_have(GrantType.AUTHORIZATION_CODE)
    return client, authorization.read(params, client.scopes)


def find_client(session: Session, client_id: str) -> Client | None:
    """The client of that id, if there is one."""
    return session.scalars(_CLIENT, {"client_id": client_id}).one_or_none() if CLIENT_ID.fullmatch(client_id) else None


@dataclass(frozen=True)
class Try:
    """One attempt at what a client asks."""

    asked: Asked
    attempt: Attempt
    now: datetime

    def row(self, outcome: Outcome, account: Account | None = None) -> SignIn:
        return SignIn(
            at=self.now, account_id=account.id if account else None, login_index=blind_index(self.attempt.login, "login"), outcome=outcome,
            client_id=self.asked.client_id, address=self.attempt.address, request_id=context.current().request_id,
        )  # fmt: skip


def sign_in(session: Session, asked: Asked, attempt: Attempt, required_of: str, now: datetime) -> SignedIn:
    """Check name and password, and permit the client what it asks or say what else it takes; count, record, and never say which of both was wrong.

    `required_of`: who must have a second factor (`SECOND_FACTOR`).
    """
    login = attempt.login.strip().casefold()
    return _by_password(session, Try(asked, attempt, now), find_account(session, login), login, required_of)


def prove(session: Session, tried: Try, account: Account, required_of: str) -> SignedIn:
    """The password of an account that another issuer has named, guarded as at sign-in. Raises `InputWrong` or `TooOften`; the refusal is kept."""
    came = _by_password(session, tried, account, account.login, required_of)
    if came.wait:
        raise TooOften(came.wait)
    if came.code is None and came.step is None:
        raise InputWrong({"password": ["password-wrong"]})
    return came


def _by_password(session: Session, tried: Try, found: Account | None, login: str, required_of: str) -> SignedIn:
    attempt, now = tried.attempt, tried.now
    subjects = [guarded_account(found, login), Subject.of(Guarded.ADDRESS, attempt.address)]
    wait = throttle.wait_of(session, subjects, now)
    if wait:
        session.add(tried.row(Outcome.LOCKED))
        return SignedIn(None, wait)
    account = opened(found, attempt.password) if len(attempt.password) <= LONGEST else None
    if account is None:
        throttle.count_failure(session, subjects, now)
        session.add(tried.row(Outcome.REFUSED, found))
        return SignedIn(None, throttle.wait_of(session, subjects, now))
    throttle.forgive(session, subjects[0])
    return after_password(session, tried, account, required_of)


def after_password(session: Session, tried: Try, account: Account, required_of: str) -> SignedIn:
    """The code, or the step that comes before it."""
    if second_factor.is_on(session, account.id):
        session.add(tried.row(Outcome.SECOND_FACTOR_ASKED, account))
        return SignedIn(None, step=Step.CODE, account_id=account.id)
    if second_factor.is_required(account, required_of):
        session.add(tried.row(Outcome.SECOND_FACTOR_ASKED, account))
        return SignedIn(None, step=Step.ENROL, account_id=account.id)
    return let_in(session, tried, account)


def turn_away(session: Session, tried: Try, account: Account | None) -> None:
    """Another issuer has signed in whoever has no account here, or none that may be opened: that is kept, too."""
    session.add(tried.row(Outcome.REFUSED, account))


def second_step(session: Session, tried: Try, account: Account, typed: str, origin: Origin) -> SignedIn:
    """The code of the authenticator, after the password. Raises `InputWrong` or `TooOften`; the refusal is kept."""
    try:
        second_factor.must_fit(session, account, typed, origin, tried.now)
    except Refusal:
        session.add(tried.row(Outcome.SECOND_FACTOR_REFUSED, account))
        raise
    return let_in(session, tried, account)


def let_in(session: Session, tried: Try, account: Account) -> SignedIn:
    """Everything was proven: a session, its code, and the sign-in kept."""
    session.add(tried.row(Outcome.SIGNED_IN, account))
    return SignedIn(_permit(session, tried, account))


def guarded_account(found: Account | None, typed: str) -> Subject:
    """What the failures of a name are counted for: its account, by whichever of its names it was called; else the name itself."""
    return Subject.of(Guarded.ACCOUNT, f"account {found.id}" if found else typed)


def find_account(session: Session, typed: str) -> Account | None:
    """The account of a name in lower case, or of the e-mail address it was opened with."""
    if not LOGIN.fullmatch(typed):
        return None
    if "@" in typed:
        return session.scalars(_OF_EMAIL, {"index": email_index(typed)}).one_or_none()
    return session.scalars(_OF_LOGIN, {"login": typed}).one_or_none()


def _permit(session: Session, tried: Try, account: Account) -> str:
    """A new session of the account with the client, and its code."""
    asked, now = tried.asked, tried.now
    began = AccountSession(
        account_id=account.id, client_id=asked.client_id, scope=asked.scope, started_at=now, used_at=now, agent=tried.attempt.agent[:200],
        expires_at=now + lifetimes.session_lifetime(account.office), address=tried.attempt.address,
    )  # fmt: skip
    session.add(began)
    session.flush()
    code = new_opaque()
    session.add(AuthorizationCode(
        code_hash=hash_of(code), session_id=began.id, redirect_uri=asked.redirect_uri, challenge=asked.challenge, nonce=asked.nonce,
        expires_at=now + lifetimes.CODE,
    ))  # fmt: skip
    return code
