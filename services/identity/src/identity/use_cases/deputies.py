"""Deputies: named for dates by the officer, the head of the office or an administrator; and whose roles a deputy has today."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.deputyship import Deputyship, held_by, of_account, overlapping
from identity.rules.claims import Bearer
from identity.rules.roles import of_office
from identity.use_cases import accounts
from identity.use_cases.accounts import account_of
from smartcity import access_log, clock
from smartcity.calendar import day_of
from smartcity.errors import Forbidden, InputWrong, NotFound, RuleBroken
from smartcity.http import Actor

LONGEST = timedelta(days=366)
"""A year: who is away for longer is replaced by a new appointment, and a deputy forgotten with the roles of another loses them."""


def name(session: Session, account: Account, actor: Actor, asked: dict[str, object], now: datetime) -> Deputyship:
    """`asked`: the deputy's `login`, `from_on`, `until_on`. The account is locked, so that no two overlap.

    Raises `Forbidden` for who only acts as somebody's deputy, `InputWrong` for a deputy of another office and days gone by,
    `RuleBroken` for oneself, for an account without a role of an office, and where another deputy holds one of the days.
    """
    named_by = _by_own_right(session, account, actor)
    from_on, until_on = _days(asked, day_of(now))
    deputy = _colleague(session, account, str(asked["login"]))
    if deputy.id in (account.id, named_by.id):
        raise RuleBroken("deputy-not-oneself")
    if not account.is_active or not of_office(account.roles):
        raise RuleBroken("account-has-no-deputy")
    if session.scalars(overlapping(account.id, from_on, until_on).limit(1)).first() is not None:
        raise RuleBroken("deputy-dates-overlap")
    deputyship = Deputyship(
        account_id=account.id, deputy_id=deputy.id, from_on=from_on, until_on=until_on, named_by=named_by.sub, named_at=now
    )
    session.add(deputyship)
    return deputyship


def end(session: Session, account: Account, actor: Actor, deputyship_id: UUID, now: datetime) -> Deputyship:
    """End it before its last day. The deputy's tokens that are out live ten minutes more at most."""
    by = _by_own_right(session, account, actor)
    found = session.scalars(of_account(account.id).where(Deputyship.id == deputyship_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound()
    found.end(by.sub, day_of(now), now)
    return found


def looked_at(session: Session, actor: Actor, account: Account) -> None:
    """Whoever else looks at an officer's deputies is written down (UU 27/2022 Pasal 31); the officer sees it in `me/data-access`."""
    if actor.sub != account.sub:
        access_log.record(session, actor, account.sub, ("deputies", account.sub), "deputies listed")


def in_office(session: Session, account: Account, bearer: Bearer) -> Bearer:
    """The bearer with the roles of everybody whose deputy the account is on this day of the suite's clock.

    Only roles an account has by itself are lent, so that nobody passes on what was lent to them; and only inside one office,
    as it is today.
    """
    if account.office is None:
        return bearer
    held = held_by(account.id, clock.today())
    query = sa.select(Account).where(Account.id.in_(held), Account.office == account.office).order_by(Account.id)
    absent = [other for other in session.scalars(query) if other.is_active]
    lent = {role for other in absent for role in of_office(other.roles)}
    return replace(bearer, roles=tuple(sorted({*bearer.roles, *lent})), acting_for=tuple(other.id for other in absent))


def _by_own_right(session: Session, account: Account, actor: Actor) -> Account:
    """The account of who acts: the same, the head of its office, or an administrator, by roles of their own."""
    own = account_of(session, actor.sub)
    if own.id != account.id and "admin" not in own.roles and not ("head" in own.roles and own.office == account.office):
        raise Forbidden("deputy-cannot-pass-on")
    return own


def _days(asked: dict[str, object], today: date) -> tuple[date, date]:
    from_on, until_on = asked["from_on"], asked["until_on"]
    assert isinstance(from_on, date) and isinstance(until_on, date)
    if from_on < today:
        raise InputWrong({"from_on": ["day-over"]})
    if until_on < from_on:
        raise InputWrong({"until_on": ["not-in-order"]})
    if until_on - from_on >= LONGEST:
        raise InputWrong({"until_on": ["deputyship-too-long"]})
    return from_on, until_on


def _colleague(session: Session, account: Account, login: str) -> Account:
    """The active account of that name in the same office; whether it exists elsewhere is not said."""
    found = accounts.find(session, Account.login == login.casefold())
    if found is None or not found.is_active or found.office is None or found.office != account.office:
        raise InputWrong({"login": ["deputy-not-of-office"]})
    return found
