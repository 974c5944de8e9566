"""A citizen opens an account: by NIK, phone, e-mail and password, confirmed by a one-time code.

Nobody learns from the answers whether a NIK or an e-mail has an account: they are the same, and what came of it is told to the
e-mail address alone. The NIK is checked for its form; whether it is the person's own is not (the civil registry is not asked).
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index, nik_index
from identity.model.account_change import Change, changed
from identity.model.account_closure import kept_from
from identity.model.one_time_code import OneTimeCode, Purpose, Registration
from identity.model.secret import hash_secret
from identity.use_cases import accounts, codes, letters, passwords
from smartcity.storage import get, uuid7

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when read out."""


@dataclass(frozen=True)
class Applicant:
    """What a person fills in. `language` is that of the letters they get."""

    nik: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    password: str = field(repr=False)
    language: str

    @property
    def own(self) -> tuple[str, ...]:
        """What makes a bad password."""
        return (self.nik, self.name, self.phone, self.email, self.email.partition("@")[0])


def begin(session: Session, asked: Applicant, address: str, now: datetime) -> OneTimeCode:
    """Keep what was filled in and send a code. Raises `InputWrong` for a bad password, `TooOften`, `RuleBroken` where no message travels."""
    passwords.must_be_good(asked.password, asked.own)
    codes.may_ask(session, address, now)
    hashed = hash_secret(asked.password)
    code, typed = OneTimeCode.make(Purpose.REGISTRATION, now)
    session.add(code)
    session.flush()
    session.add(Registration(
        code_id=code.id, nik=asked.nik, name=asked.name, phone=asked.phone, email=asked.email, password_hash=hashed, language=asked.language
    ))  # fmt: skip
    kind = "has_account" if accounts.find(session, Account.email_index == email_index(asked.email)) else "registration_code"
    if codes.may_be_written_to(session, asked.email, now):
        letters.write(session, asked.email, kind, asked.language, now, code=typed)
    else:
        code.withhold()
    return code


def confirm(session: Session, ident: UUID, typed: str, address: str, now: datetime) -> None:
    """Open the account, if there is none of the NIK or e-mail; its address is told. Raises `InputWrong` for a code that does not fit."""
    codes.must_fit(session, ident, Purpose.REGISTRATION, typed, address, now)
    registration = get(session, Registration, ident)
    _one_at_a_time(session)
    nik = nik_index(registration.nik)
    holder = accounts.find(session, Account.nik_index == nik)
    if (
        holder is not None
        or accounts.find(session, Account.email_index == email_index(registration.email))
        or session.scalar(kept_from(nik, email_index(registration.email), now))
    ):
        letters.write(session, registration.email, "nik_taken", registration.language, now)
        if holder is not None and holder.email and codes.may_be_written_to(session, holder.email, now):
            letters.write(session, holder.email, "nik_tried", registration.language, now)
    else:
        account = _open(session, registration, address, now)
        letters.write(session, registration.email, "account_open", registration.language, now, login=account.login)
    session.execute(sa.delete(Registration).where(Registration.code_id == ident))


def _open(session: Session, registration: Registration, address: str, now: datetime) -> Account:
    account = Account(
        id=uuid7(), login="warga-" + "".join(secrets.choice(_LETTERS) for _ in range(10)), display_name=registration.name, roles=["citizen"],
        password_hash=registration.password_hash, made_at=now, nik=registration.nik, nik_index=nik_index(registration.nik),
        email=registration.email, email_index=email_index(registration.email), phone=registration.phone,
    )  # fmt: skip
    session.add(account)
    session.flush()
    session.add(changed(account.id, Change.REGISTERED, address, now))
    return account


def _one_at_a_time(session: Session) -> None:
    """Two registrations of one NIK at once: the second sees the first."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('identity.registration', 0))"))
