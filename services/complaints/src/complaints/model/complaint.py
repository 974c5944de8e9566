"""The complaint, from filing to proof of repair."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from complaints.model import facts
from complaints.model.complaint_history import Audience
from complaints.model.complaint_photo import ComplaintPhoto, PhotoKind, Review
from complaints.model.complaint_status import OPEN, Clock, CloseCause, Escalation, Status
from complaints.model.complaint_table import RULES, SQUARE, WORDS
from complaints.model.complaint_way import Step, Turn
from complaints.model.complaint_work import NOTHING_SPENT, Spent, Worked
from complaints.model.first_look import FirstLook
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Encrypted, states

MOST_PHOTOS = 6
RETURNS_TO_SECRETARIAT = 3
SECRETARIAT = "SETDA"


class Complaint(Worked):
    """From received to closed; nothing is closed by the office alone. Its way: `OnItsWay`; what the office promises and does: `Promised`, `Worked`; the picture: README.

    `owner_sub` is empty when it was filed without an account: then only the follow-up token opens it.
    """

    __tablename__ = "complaint"
    __table_args__ = RULES

    follow_up_index: Mapped[bytes]
    owner_sub: Mapped[str]
    recorded_by: Mapped[str]
    channel: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    address: Mapped[str]
    anonymous: Mapped[bool]
    confidential: Mapped[bool]
    received_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default_factory=dict)
    landmark: Mapped[str | None] = mapped_column(default=None)
    incident_at: Mapped[datetime | None] = mapped_column(default=None)
    reporter_name: Mapped[str | None] = mapped_column(Encrypted, default=None)
    reporter_contact: Mapped[str | None] = mapped_column(Encrypted, default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    verify_by: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    close_cause: Mapped[CloseCause | None] = mapped_column(states(CloseCause, "close_cause"), default=None)
    forwarded_to: Mapped[str | None] = mapped_column(default=None)
    duplicate_of: Mapped[UUID | None] = mapped_column(sa.ForeignKey("complaint.id"), default=None)
    rating: Mapped[int | None] = mapped_column(default=None)
    returns: Mapped[int] = mapped_column(default=0)
    reopenings: Mapped[int] = mapped_column(default=0)
    support_count: Mapped[int] = mapped_column(default=0)
    unread_photos: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    repaired_count: Mapped[int] = mapped_column(default=0)
    not_repaired_count: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(TSVECTOR, sa.Computed(WORDS, persisted=True), init=False, deferred=True)
    square: Mapped[int | None] = mapped_column(sa.BigInteger, sa.Computed(SQUARE, persisted=True), init=False, deferred=True)
    rank: Mapped[int | None] = query_expression()  # of a search
    photos: Mapped[list[ComplaintPhoto]] = relationship(order_by=ComplaintPhoto.id, init=False, default_factory=list)
    looks: Mapped[list[FirstLook]] = relationship(order_by=FirstLook.id, init=False, default_factory=list)

    @property
    def complaint_id(self) -> UUID:
        """Its id, as what hangs on it calls it: a page along another table's index goes on from there."""
        return self.id

    @property
    def hides_parties(self) -> bool:
        """A refusal would tell the reporter's deputy who reported."""
        return self.anonymous

    @property
    def is_public(self) -> bool:
        """Shown to everybody: somebody of the city has read it, and its reporter did not ask for silence."""
        return self.verified_at is not None and not self.confidential

    def receive(self, step: Step, turn: Turn) -> None:
        """Filed: it has its number, and the coordinator's clock runs."""
        self._turn(turn)
        self._write("received", step)
        self.note(facts.ComplaintSubmitted(*self._about(step.at), self.channel))

    def attach(self, photo: ComplaintPhoto, now: datetime) -> None:
        """Another photo, while the complaint is open; at most six of each kind."""
        if self.status not in OPEN:
            raise RuleBroken("complaint-not-open", status=self.status)
        if sum(one.kind is photo.kind for one in self.photos) >= MOST_PHOTOS:
            raise RuleBroken("too-many-photos", most=MOST_PHOTOS)
        if photo.kind is PhotoKind.PROOF:
            photo.review = Review.SHOWN
        self.photos.append(photo)
        self._count_unread()
        self.updated_at = now

    def ask_completion(self, step: Step, turn: Turn) -> None:
        """Back to the reporter: something is missing. The office's clocks stand still meanwhile."""
        self._move(Status.NEEDS_COMPLETION, "returnable", "completion_asked", step, turn)

    def complete(self, text: str, step: Step, turn: Turn) -> None:
        """The reporter has added what was missing; the standstill does not count."""
        stood_still = step.at - self.status_since
        self._move(Status.RECEIVED, "completable", "completed", step, turn)
        self.text = f"{self.text}\n\n{text}"
        self.answer_by += stood_still

    def verify(self, step: Step) -> None:
        """Somebody of the city has read it: it may be shown and disposed."""
        self._must_be(Status.RECEIVED, "verifiable")
        if self.verified_at is None:
            self.verified_at = step.at
            doubted = {look.photo_id for look in self.looks if look.doubts}
            for photo in self.photos:
                photo.review = Review.SHOWN if photo.review is Review.UNREAD and photo.id not in doubted else photo.review
            self._count_unread()
            self._write("verified", step)
            self.note(facts.ComplaintVerified(*self._about(step.at)))

    def review(self, photo: ComplaintPhoto, decision: Review, now: datetime) -> None:
        """The coordinator has looked at a photo."""
        photo.review, self.updated_at = decision, now
        self._count_unread()
        self._settle(photo.id, now)

    def reword(self, title: str, address: str, step: Step) -> None:
        """Other words for everybody, where those of the reporter name or insult somebody; theirs stay in the history, for the parties.

        The same words as they are: somebody has looked, and leaves them.
        """
        self._settle(None, step.at)
        if (title, address) == (self.title, self.address):
            return
        said = f"{self.title}\n{self.address}"
        self.title, self.address = title, address
        self._write("reworded", Step(step.at, step.actor_sub, said, Audience.PARTIES))

    def hear_doubts(self, look: FirstLook, reasons: Iterable[str], now: datetime) -> None:
        """A machine has looked: where it doubts something, a person must look too."""
        look.note(reasons, now)
        self._count_doubts()

    def archive(self, reason_code: str, forwarded_to: str | None, step: Step) -> None:
        """Not pursued here, saying why and, where it is somebody else's business, whose."""
        self.forwarded_to = forwarded_to
        self._move(Status.ARCHIVED, "archivable", f"archived.{reason_code}", step)
        self.note(facts.ComplaintArchived(*self._about(step.at), reason_code, forwarded_to))

    def link(self, original: "Complaint", step: Step) -> None:
        """The same trouble as `original`, which is pursued; this one ends here."""
        if original.id == self.id or original.duplicate_of or not original.is_public or original.status not in (*OPEN, Status.CLOSED):
            raise RuleBroken("original-not-usable")
        self._must_be(Status.RECEIVED, "archivable")
        self.duplicate_of = original.id
        self.archive("duplicate", None, step)
        self.note(facts.ComplaintDuplicateLinked(*self._about(step.at), original.id, original.number))
        original._write("duplicate_joined", Step(step.at, step.actor_sub))

    def dispose(self, office: str, step: Step, turn: Turn) -> None:
        """Into an office's hands; only after it was verified."""
        if self.verified_at is None:
            raise RuleBroken("complaint-not-verified")
        self._must_be(Status.RECEIVED, "disposable")
        self.office = office
        self._move(Status.DISPOSED, "disposable", "disposed", step, turn)
        self.note(facts.ComplaintRouted(*self._about(step.at), office, turn.deadline))

    def give_back(self, step: Step, verification: Turn, follow_up: Turn) -> None:
        """Not this office's business; the third time the secretariat has it."""
        self._must_be(Status.DISPOSED, "returnable")
        office, self.returns = self._office, self.returns + 1
        self._move(Status.RECEIVED, "returnable", "returned", step, verification)
        self.office, self.assignee_sub = None, None
        self.note(facts.ComplaintReturned(*self._about(step.at), office, self.returns))
        if self.returns >= RETURNS_TO_SECRETARIAT:
            self.dispose(SECRETARIAT, Step(step.at), follow_up)

    def follow_up(self, step: Step, turn: Turn) -> None:
        """The office has begun; from now on the clock of the answer runs. Later notes change nothing but the timeline."""
        if self.status is Status.IN_PROGRESS:
            self._write("noted", step)
            return
        self._move(Status.IN_PROGRESS, "workable", "begun", step, turn)

    def answer(self, step: Step, turn: Turn, *, proof_needed: bool, spent: Spent = NOTHING_SPENT) -> None:
        """The office says it is done, with proof where the category asks it; the reporter has the word."""
        self._must_be(Status.IN_PROGRESS, "answerable")
        with_proof = any(photo.kind is PhotoKind.PROOF and photo.uploaded_at >= self.status_since for photo in self.photos)
        if proof_needed and not with_proof:
            raise RuleBroken("proof-missing")
        self.answered_at, self.repaired_count, self.not_repaired_count = step.at, 0, 0
        self._spend(spent)
        self._move(Status.ANSWERED, "answerable", "answered", step, turn)
        self.note(facts.ComplaintAnswered(*self._about(step.at), self._office, with_proof))

    def close(self, cause: CloseCause, step: Step, rating: int | None = None) -> None:
        """The reporter agrees, or has been silent for the whole window after an answer."""
        self._must_be(Status.ANSWERED, "closable")
        self.close_cause, self.closed_at, self.rating = cause, step.at, rating
        self._move(Status.CLOSED, "closable", f"closed.{cause}", step)
        self.note(facts.ComplaintClosed(*self._about(step.at), self._office, cause.value))

    def count_word(self, before: bool | None, repaired: bool) -> None:
        """A follower says what they see of the answer; said again, the newer word counts."""
        self._must_be(Status.ANSWERED, "confirmable")
        if before is not None:
            self._add_word(before, -1)
        self._add_word(repaired, 1)

    @property
    def is_doubted(self) -> bool:
        """More followers say that it is not repaired than that it is."""
        return self.not_repaired_count > self.repaired_count

    def reopen(self, until: datetime | None, step: Step, turn: Turn, event: str = "reopened") -> None:
        """Not repaired, says the reporter (or, when they are silent, most of the followers): after an answer, or up to `until` after the closing."""
        if self.status is Status.CLOSED and until and step.at > until:
            raise RuleBroken("reopening-too-late", until=day_of(until).isoformat())
        self.close_cause, self.closed_at, self.rating = None, None, None
        self.reopenings += 1
        self.answer_by = turn.deadline
        self._move(Status.IN_PROGRESS, "reopenable", event, step, turn)
        self.note(facts.ComplaintReopened(*self._about(step.at), self._office, self.reopenings))

    def withdraw(self, reason_code: str, step: Step) -> None:
        """The reporter takes it back, or never completed it."""
        self._move(Status.WITHDRAWN, "withdrawable", f"withdrawn.{reason_code}", step)
        self.note(facts.ComplaintWithdrawn(*self._about(step.at), reason_code))

    def escalate(self, turn: Turn | None, now: datetime) -> None:
        """A clock of the city ran out: first the head of the office is told, then the secretariat."""
        assert self.clock is not None, "only a running clock runs out"
        self.escalation = Escalation.SECRETARIAT if self.escalation is not Escalation.NONE else Escalation.HEAD
        self._write(f"escalated.{self.escalation}", Step(now))
        self.note(facts.ComplaintEscalated(*self._about(now), self.clock.value, self.escalation.value, self.office))
        if turn:
            self.deadline = turn.deadline

    def learn(self, told: UUID, event: str, now: datetime) -> None:
        """Another office has told something about it: a line of the timeline, once for every `told`."""
        if told not in {line.id for line in self.history}:
            self._write(event, Step(now), told)

    def _add_word(self, repaired: bool, number: int) -> None:
        self.repaired_count += number if repaired else 0
        self.not_repaired_count += 0 if repaired else number

    def _count_unread(self) -> None:
        self.unread_photos = sum(photo.review is Review.UNREAD for photo in self.photos)

    def _settle(self, photo_id: UUID | None, now: datetime) -> None:
        for look in self.looks:
            if look.photo_id == photo_id:
                look.settle(now)
        self._count_doubts()

    def _count_doubts(self) -> None:
        self.doubts = sum(look.doubts for look in self.looks)

    def _turn(self, turn: Turn | None) -> None:
        super()._turn(turn)
        if self.clock is Clock.VERIFICATION and self.verified_at is None:
            self.verify_by = self.deadline
