"""The way of a registration through the office, whatever it registers: the same for births and deaths."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from civil_registry.model.birth_status import EDITABLE, Status, Step
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate

MOST_DOCUMENTS = 30
RETURNING = (Step.VERIFICATION, Step.REGISTRATION)


@dataclass(frozen=True)
class Reason:
    """Why: a code of the service's reasons, and sentences for who reported."""

    code: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filing:
    """What the calendar says at the submission: days since what is reported, lateness by its first day, clocks from now."""

    number: str
    days: int
    late: bool
    deadline: datetime
    legal_deadline: datetime


class OfficeWay(Aggregate):
    """Handed in, checked, given back, registered, signed, issued, collected; each step of the office by another person.

    A kind of registration says its `ways` (state → next states), the class of its history lines, and what it tells.
    """

    __abstract__ = True
    ways: ClassVar[Mapping[Status, Mapping[Status, str]]]
    line: ClassVar[type[Any]]

    if TYPE_CHECKING:
        owner_sub: Mapped[str]
        filed_by_sub: Mapped[str | None]
        status: Mapped[Status]
        status_since: Mapped[datetime]
        updated_at: Mapped[datetime]
        waits_for: Mapped[Step | None]
        number: Mapped[str | None]
        submitted_at: Mapped[datetime | None]
        late: Mapped[bool]
        deadline: Mapped[datetime | None]
        legal_deadline: Mapped[datetime | None]
        verified_at: Mapped[datetime | None]
        verifier_sub: Mapped[str | None]
        registrar_sub: Mapped[str | None]
        signer_sub: Mapped[str | None]
        record_no: Mapped[str | None]
        certificate_id: Mapped[UUID | None]
        history: Mapped[list[Any]]
        documents: Mapped[list[Any]]

    @property
    def kind(self) -> str:
        """`in_time` or `late`."""
        return "late" if self.late else "in_time"

    @property
    def parties(self) -> frozenset[str]:
        """Who reported, and who filed it for them."""
        return super().parties | ({self.filed_by_sub} if self.filed_by_sub else frozenset())

    def tell_returned(self, reason: Reason, now: datetime) -> None:
        """Note that it was given back, where that is told."""

    def tell_withdrawn(self, reason: Reason, now: datetime) -> None:
        """Note that it was taken back, where that is told."""

    def tell_registered(self, registered_on: date) -> None:
        """Note that it stands in the register, where that is told."""

    def tell_corrected(self, corrected_on: date) -> None:
        """Note that the entry reads otherwise, where that is told."""

    def tell_cancelled(self, cancelled_on: date) -> None:
        """Note that the entry does not hold, where that is told."""

    def must_be_editable(self) -> None:
        """Raises unless the registration is in the hands of who reported."""
        if self.status not in EDITABLE:
            raise RuleBroken("registration-not-editable", status=self.status)

    def must_be_submittable(self) -> None:
        """Raises unless the registration can be handed in now."""
        if self.status not in EDITABLE:
            raise RuleBroken("registration-not-submittable", status=self.status)

    def attach(self, document: Any, now: datetime) -> None:
        """Another document; only while the registration is in the hands of who reported."""
        self.must_be_editable()
        if len(self.documents) >= MOST_DOCUMENTS:
            raise RuleBroken("too-many-documents", most=MOST_DOCUMENTS)
        self.documents.append(document)
        self.updated_at = now

    def hand_in(self, filing: Filing, by: str, now: datetime) -> None:
        """Into the office's hands, first or again. What was found about an earlier version is found anew."""
        self._move(Status.SUBMITTED, "submittable", self.line(position=0, status=Status.SUBMITTED, at=now, actor_sub=by))
        self.number, self.submitted_at, self.late = self.number or filing.number, self.submitted_at or now, filing.late
        self.deadline, self.legal_deadline = filing.deadline, filing.legal_deadline
        self.verified_at = self.verifier_sub = None
        self.waits_for = Step.VERIFICATION

    def begin_check(self, officer: str, now: datetime) -> None:
        """An officer takes it into their hands, or takes it over. Again by the same is once."""
        self.must_await(Step.VERIFICATION, "checkable")
        self._must_be_another(Step.VERIFICATION, officer)
        if self.status is Status.SUBMITTED:
            self._step(Status.IN_CHECK, "checkable", Step.VERIFICATION, officer, now)

    def verify(self, officer: str, now: datetime) -> None:
        """Papers and data agree: it waits for the registrar."""
        self.begin_check(officer, now)
        self.verified_at, self.verifier_sub, self.updated_at = now, officer, now
        self.waits_for = Step.REGISTRATION

    def give_back(self, officer: str, reason: Reason, now: datetime) -> None:
        """Back for repair, saying why; the office's clocks stop."""
        step = self.waits_for
        if step not in RETURNING:
            raise RuleBroken("registration-not-returnable", status=self.status)
        if step is Step.VERIFICATION:
            self.begin_check(officer, now)
        self._step(Status.RETURNED, "returnable", step, officer, now, reason)
        self.deadline = self.legal_deadline = self.waits_for = None
        self.tell_returned(reason, now)

    def withdraw(self, by: str, reason: Reason, now: datetime) -> None:
        """Who reported takes it back, until it stands in the register: an entry is corrected or cancelled. Twice is once."""
        if self.status is Status.WITHDRAWN:
            return
        self._move(
            Status.WITHDRAWN, "withdrawable", self.line(position=0, status=Status.WITHDRAWN, at=now, actor_sub=by, reason_code=reason.code)
        )
        self.deadline = self.legal_deadline = self.waits_for = None
        if self.number is not None:
            self.tell_withdrawn(reason, now)

    def must_await(self, step: Step, may: str) -> None:
        """Raises unless the registration waits for this very step."""
        if self.waits_for is not step:
            raise RuleBroken(f"registration-not-{may}", status=self.status)

    def must_be_registrable(self, registrar: str) -> None:
        """Raises unless it was verified, approved where late asks for it, and this registrar took no other step."""
        self.must_await(Step.REGISTRATION, "registrable")
        self._must_be_another(Step.REGISTRATION, registrar)

    def register(self, record_no: str, registrar: str, registered_on: date, now: datetime) -> None:
        """It stands in the register."""
        self.must_be_registrable(registrar)
        self._step(Status.REGISTERED, "registrable", Step.REGISTRATION, registrar, now)
        self.record_no, self.registrar_sub, self.waits_for = record_no, registrar, Step.SIGNATURE
        self.tell_registered(registered_on)

    def must_be_signable(self, signer: str) -> None:
        """Raises unless it is registered, and this signer took no other step."""
        self.must_await(Step.SIGNATURE, "signable")
        self._must_be_another(Step.SIGNATURE, signer)

    def sign(self, signer: str, now: datetime) -> None:
        """The signer's act; issued once the electronic signature stands on the paper."""
        self.must_be_signable(signer)
        self._step(Status.SIGNED, "signable", Step.SIGNATURE, signer, now)
        self.signer_sub, self.waits_for = signer, None

    def issue(self, certificate_id: UUID, signer: str, now: datetime) -> None:
        """The certificate is signed electronically: who reported may have it."""
        step = None if self.certificate_id else Step.SIGNATURE
        self._move(Status.ISSUED, "signable", self.line(position=0, status=Status.ISSUED, at=now, actor_sub=signer, step=step))
        self.certificate_id = certificate_id

    def must_be_amendable(self) -> None:
        """Raises unless a certificate was issued of an entry that holds."""
        if Status.CANCELLED not in self.ways[self.status]:
            raise RuleBroken("registration-not-amendable", status=self.status)

    def amend(self, by: str, now: datetime, corrected_on: date | None = None) -> None:
        """Another certificate is signed to stand in the place of the last: of a corrected entry, or a further copy."""
        self.must_be_amendable()
        self._move(Status.SIGNED, "amendable", self.line(position=0, status=Status.SIGNED, at=now, actor_sub=by))
        if corrected_on:
            self.tell_corrected(corrected_on)

    def cancel(self, by: str, now: datetime, cancelled_on: date) -> None:
        """A court has ruled that the entry does not hold."""
        self._move(Status.CANCELLED, "amendable", self.line(position=0, status=Status.CANCELLED, at=now, actor_sub=by))
        self.tell_cancelled(cancelled_on)

    def collect(self, by: str, now: datetime) -> None:
        """Who reported has it. Twice is once."""
        if self.status is not Status.COLLECTED:
            self._move(Status.COLLECTED, "collectable", self.line(position=0, status=Status.COLLECTED, at=now, actor_sub=by))

    def _must_be_another(self, step: Step, actor: str) -> None:
        """Nobody takes two different steps of one registration, nor any step of a report of their own or that they filed for another."""
        if actor in self.parties:
            raise RuleBroken("own-case")
        earlier = {line.step for line in self.history if line.step is not None and line.actor_sub == actor}
        if earlier - {step}:
            raise RuleBroken("another-person-must", step=step)

    def _step(self, to: Status, may: str, step: Step, actor: str, now: datetime, reason: Reason | None = None) -> None:
        line = self.line(position=0, status=to, at=now, actor_sub=actor, step=step)
        if reason:
            line.reason_code, line.said = reason.code, "\n".join(reason.sentences) or None
        self._must_be_another(step, actor)
        self._move(to, may, line)

    def _move(self, to: Status, may: str, line: Any) -> None:
        if to not in self.ways[self.status]:
            raise RuleBroken(f"registration-not-{may}", status=self.status)
        line.position = len(self.history) + 1  # read before anything changes: reading may flush, and a half-moved row breaks its checks
        self.status, self.status_since, self.updated_at = to, line.at, line.at
        self.history.append(line)
