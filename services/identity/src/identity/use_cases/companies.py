"""Companies: opened by a person, who says who else acts for them; and for whom a token acts."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.company import Company, CompanyPerson, CompanyRole, PersonStatus, login_index
from identity.use_cases.accounts import account_of
from smartcity.errors import RuleBroken
from smartcity.storage import blind_index, get

MOST_COMPANIES = 20
"""A person acts for so many at most: the token names each."""


def open_company(session: Session, sub: str, name: str, nib: str, now: datetime) -> Company:
    """A company with this NIB, owned by whoever opens it; the database refuses a second one (`nib-taken`)."""
    account = _with_room(session, sub)
    company = Company(name=name, nib=nib, nib_index=blind_index(nib, "nib"), opened_at=now)
    company.open_for(account, now)
    session.add(company)
    return company


def company_of(session: Session, sub: str, company_id: UUID, *, lock: bool = False) -> Company:
    """A company the account acts for today, whatever its token says; `NotFound` otherwise."""
    company = get(session, Company, company_id, lock=lock)
    company.place_of(account_of(session, sub).id)
    return company


def places_of(account_id: UUID | sa.BindParameter[UUID]) -> sa.Select[CompanyPerson]:
    """Where the account acts, now."""
    return sa.select(CompanyPerson).where(CompanyPerson.account_id == account_id, CompanyPerson.status == PersonStatus.ACTIVE)


_ACTED_FOR = (
    places_of(sa.bindparam("account_id")).with_only_columns(CompanyPerson.company_id, CompanyPerson.role).order_by(CompanyPerson.id)
)


def companies_of(session: Session, sub: str) -> list[Company]:
    """The companies the account acts for, oldest place first."""
    places = session.scalars(places_of(account_of(session, sub).id).order_by(CompanyPerson.id))
    return [get(session, Company, place.company_id) for place in places]


def acted_for(session: Session, account_id: UUID) -> tuple[tuple[str, str], ...]:
    """For whom a token of the account acts: `(sub, role)` of each company."""
    return tuple((str(company_id), role.value) for company_id, role in session.execute(_ACTED_FOR, {"account_id": account_id}))


def invitations_of(session: Session, sub: str) -> list[tuple[CompanyPerson, Company]]:
    """Who asks the account to act for them."""
    invited = CompanyPerson.login_index == login_index(account_of(session, sub).login)
    query = sa.select(CompanyPerson, Company).join(Company).where(invited, sa.text("company_person.status = 'invited'"))
    return [(person, company) for person, company in session.execute(query.order_by(CompanyPerson.id).limit(MOST_COMPANIES))]


def invite(session: Session, sub: str, company_id: UUID, login: str, role: CompanyRole, now: datetime) -> CompanyPerson:
    """Ask whoever signs in as `login`; the answer is the same whether there is anybody or not."""
    return company_of(session, sub, company_id, lock=True).invite(UUID(sub), login, role, now)


def answer(session: Session, sub: str, person_id: UUID, now: datetime, *, accepted: bool) -> CompanyPerson:
    """Say yes or no to an invitation of one's own."""
    account = _with_room(session, sub) if accepted else account_of(session, sub)
    invited = get(session, CompanyPerson, person_id)
    return get(session, Company, invited.company_id, lock=True).answer(account, person_id, now, accepted=accepted)


def remove(session: Session, sub: str, company_id: UUID, person_id: UUID, now: datetime) -> CompanyPerson:
    """End a person's place; tokens given from now on do not act for the company."""
    return company_of(session, sub, company_id, lock=True).remove(UUID(sub), person_id, now)


def _with_room(session: Session, sub: str) -> Account:
    account = account_of(session, sub)
    places = session.scalar(sa.select(sa.func.count()).select_from(places_of(account.id).subquery())) or 0
    if places >= MOST_COMPANIES:
        raise RuleBroken("too-many-companies", most=MOST_COMPANIES)
    return account
