"""A company: an applicant for whom people act, each in a role."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from identity.model.account import Account
from smartcity.errors import Forbidden, NotFound, RuleBroken
from smartcity.storage import Aggregate, Base, Encrypted, blind_index, states, uuid7

MOST_PEOPLE = 50
STANDING = "status IN ('invited', 'active')"
LINKED = "status <> 'active' OR account_id IS NOT NULL"
ENDED = "(status IN ('invited', 'active')) = (ended_at IS NULL)"


class CompanyRole(StrEnum):
    """Both act for the company; an owner also says who does."""

    OWNER = "owner"
    STAFF = "staff"


class PersonStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    REFUSED = "refused"
    REMOVED = "removed"


def login_index(login: str) -> bytes:
    """How an invitation is found by whoever signs in with `login`."""
    return blind_index(login, "company-person-login")


class CompanyPerson(Base):
    """One person's place in a company: invited → active | refused; invited or active → removed. Never erased: who acted when stays known.

    The invitation names a login. Whether there is such an account is told to nobody, so it gets its account when it is accepted.
    """

    __tablename__ = "company_person"
    __table_args__ = (
        sa.CheckConstraint(LINKED, name="linked"),
        sa.CheckConstraint(ENDED, name="ended"),
        sa.Index("ix_company_person_company_id", "company_id", "id"),
        sa.Index("ix_company_person_account_id", "account_id", "id"),
        sa.Index("ix_company_person_invited", "login_index", "id", postgresql_where=sa.text("status = 'invited'")),
        sa.Index("uq_company_person_standing", "company_id", "login_index", unique=True, postgresql_where=sa.text(STANDING)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    company_id: Mapped[UUID] = mapped_column(sa.ForeignKey("company.id"), init=False)
    login: Mapped[str] = mapped_column(Encrypted)
    login_index: Mapped[bytes]
    role: Mapped[CompanyRole] = mapped_column(states(CompanyRole, "role"))
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime]
    status: Mapped[PersonStatus] = mapped_column(states(PersonStatus), default=PersonStatus.INVITED)
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"), default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def stands(self) -> bool:
        """Invited or acting."""
        return self.status in (PersonStatus.INVITED, PersonStatus.ACTIVE)

    def end(self, status: PersonStatus, by: UUID, now: datetime) -> None:
        self.status, self.ended_by, self.ended_at = status, by, now


class Company(Aggregate):
    """A business by its NIB. Its id is the `sub` that owns what its people file for it. It always has an owner."""

    __tablename__ = "company"
    __table_args__ = (sa.UniqueConstraint("nib_index"),)

    name: Mapped[str] = mapped_column(Encrypted)
    nib: Mapped[str] = mapped_column(Encrypted)
    nib_index: Mapped[bytes]
    opened_at: Mapped[datetime]
    people: Mapped[list[CompanyPerson]] = relationship(order_by=CompanyPerson.id, init=False, default_factory=list)

    @property
    def sub(self) -> str:
        return str(self.id)

    def open_for(self, account: Account, now: datetime) -> None:
        """Whoever opens it is its first owner."""
        self.people.append(CompanyPerson(
            login=account.login, login_index=login_index(account.login), role=CompanyRole.OWNER, invited_by=account.id, invited_at=now,
            status=PersonStatus.ACTIVE, account_id=account.id, accepted_at=now,
        ))  # fmt: skip

    def place_of(self, account_id: UUID) -> CompanyPerson:
        """The place of somebody who acts for it; raises `NotFound` for everybody else: they do not know that it exists."""
        found = next((person for person in self.people if person.account_id == account_id and person.status is PersonStatus.ACTIVE), None)
        if found is None:
            raise NotFound()
        return found

    def must_be_owner(self, account_id: UUID) -> None:
        """Raises unless the account is an owner."""
        if self.place_of(account_id).role is not CompanyRole.OWNER:
            raise Forbidden("company-owners-only")

    def invite(self, owner: UUID, login: str, role: CompanyRole, now: datetime) -> CompanyPerson:
        """An owner asks whoever signs in as `login` to act for the company."""
        self.must_be_owner(owner)
        standing = [person for person in self.people if person.stands]
        if login_index(login) in {person.login_index for person in standing}:
            raise RuleBroken("company-person-known")
        if len(standing) >= MOST_PEOPLE:
            raise RuleBroken("company-full", most=MOST_PEOPLE)
        invited = CompanyPerson(login=login, login_index=login_index(login), role=role, invited_by=owner, invited_at=now)
        self.people.append(invited)
        return invited

    def answer(self, account: Account, person_id: UUID, now: datetime, *, accepted: bool) -> CompanyPerson:
        """Whoever was invited says yes or no. Raises `NotFound` where nobody of that login was."""
        invited = next((person for person in self.people if person.id == person_id), None)
        if invited is None or invited.status is not PersonStatus.INVITED or invited.login_index != login_index(account.login):
            raise NotFound()
        if accepted:
            invited.status, invited.account_id, invited.accepted_at = PersonStatus.ACTIVE, account.id, now
        else:
            invited.end(PersonStatus.REFUSED, account.id, now)
        return invited

    def remove(self, account_id: UUID, person_id: UUID, now: datetime) -> CompanyPerson:
        """An owner takes a person's place away, or a person leaves. Twice is once; the last owner stays."""
        place = self.place_of(account_id)
        person = next((person for person in self.people if person.id == person_id), None)
        if person is None:
            raise NotFound()
        if person is not place:
            self.must_be_owner(account_id)
        if person.stands:
            self._keep_an_owner(person)
            person.end(PersonStatus.REMOVED, account_id, now)
        return person

    def _keep_an_owner(self, leaving: CompanyPerson) -> None:
        owners = [person for person in self.people if person.role is CompanyRole.OWNER and person.status is PersonStatus.ACTIVE]
        if owners == [leaving]:
            raise RuleBroken("company-needs-an-owner")
