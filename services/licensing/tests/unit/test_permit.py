"""The permit as a machine: whatever is tried in whatever order, it goes only the ways there are, and each is told once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from licensing.model import facts
from licensing.model.permit import Permit
from licensing.model.permit_measure import OPEN, MeasureKind, MeasureStatus, PermitMeasure
from licensing.model.permit_status import PERMIT_TRANSITIONS, STANDING, PermitStatus, Succession
from licensing.use_cases.permit_measures import terms
from licensing.use_cases.reasons import reasons
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken

START = datetime(2026, 11, 24, 3, tzinfo=UTC)
LAST = date(2027, 11, 24)


def a_permit(**other: Any) -> Permit:
    ready = {
        "number": "TOKO/1", "permit_type": "TOKO", "application_id": UUID(int=1), "application_no": "P-TOKO/1", "office": "DPMPTSP",
        "owner_sub": "budi", "holder_name": "Budi", "holder_address": "Medan", "site_address": "Medan", "kelurahan_code": "12.71.01.1001",
        "building": {}, "legal_basis": "PP 7/2021", "retribution_total": 0, "receipt_no": None, "verify_code": "L", "issued_at": START,
        "valid_until": LAST, "renewable_from": LAST - timedelta(days=60), "remind_on": LAST - timedelta(days=30),
    }  # fmt: skip
    return Permit(**{**ready, **other})


def a_measure(kind: MeasureKind, now: datetime = START, reason: str = "other", days: int | None = 5) -> PermitMeasure:
    today = day_of(now)
    until = today + timedelta(days=days) if days else None
    measure = PermitMeasure(
        owner_sub="budi", kind=kind, reason_code=reason, text="Alasan.", legal_basis="UU", ordered_by="kadis", ordered_at=now,
        answer_until=until,
    )  # fmt: skip
    if kind is MeasureKind.SUSPENSION:
        measure.starts_on, measure.ends_on = (until or today) + timedelta(days=1), (until or today) + timedelta(days=10)
    return measure


def noted(permit: Permit) -> list[Any]:
    return [fact for _, fact in permit.__dict__.get("_noted", [])]


def refused(step: Any, *arguments: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        step(*arguments)
    return refusal.value.code


def test_a_revocation_waits_for_the_answer_or_for_the_last_day_to_give_one() -> None:
    permit, measure = a_permit(), a_measure(MeasureKind.REVOCATION)
    permit.announce(measure)
    assert refused(permit.revoke, measure, "kadis", START + timedelta(days=5)) == "answer-period-runs"
    permit.revoke(measure, "kadis", START + timedelta(days=6))
    assert (permit.status, measure.status) == (PermitStatus.REVOKED, MeasureStatus.CARRIED_OUT)


def test_an_answer_makes_it_possible_to_decide_at_once() -> None:
    permit, measure = a_permit(), a_measure(MeasureKind.REVOCATION)
    permit.announce(measure)
    permit.answer("Kami bongkar.", START + timedelta(days=1))
    assert refused(permit.answer, "Lagi.", START + timedelta(days=1)) == "no-notice-to-answer"
    permit.revoke(measure, "kadis", START + timedelta(days=1))
    assert permit.status is PermitStatus.REVOKED


def test_too_late_there_is_nothing_to_answer() -> None:
    permit = a_permit()
    permit.announce(a_measure(MeasureKind.REVOCATION))
    assert refused(permit.answer, "Kami bongkar.", START + timedelta(days=6)) == "no-notice-to-answer"


def test_without_a_notice_for_the_same_reason_nothing_is_revoked() -> None:
    permit = a_permit()
    assert refused(permit.announced_revocation, "other") == "revocation-needs-notice"
    permit.announce(a_measure(MeasureKind.REVOCATION, reason="duty-not-kept"))
    assert refused(permit.announced_revocation, "other") == "revocation-needs-notice"
    assert permit.announced_revocation("duty-not-kept").status is MeasureStatus.ANNOUNCED


def test_a_suspension_lifted_before_it_began_never_begins() -> None:
    permit = a_permit()
    permit.announce(a_measure(MeasureKind.SUSPENSION))
    assert refused(permit.announce, a_measure(MeasureKind.SUSPENSION)) == "measure-announced-already"
    permit.lift_suspension("kadis", START)
    permit.suspend(START)
    assert permit.status is PermitStatus.ACTIVE and noted(permit) == []
    assert refused(permit.lift_suspension, "kadis", START) == "permit-not-suspended"


@pytest.mark.parametrize(
    ("day", "code"),
    [(LAST - timedelta(days=61), "renewal-too-early"), (LAST + timedelta(days=1), "renewal-too-late")],
)
def test_a_renewal_has_its_time(day: date, code: str) -> None:
    permit = a_permit()
    assert refused(permit.must_be_renewable, day) == code
    for fitting in (LAST - timedelta(days=60), LAST):
        permit.must_be_renewable(fitting)


def test_what_does_not_end_or_was_renewed_or_does_not_stand_is_not_renewed() -> None:
    assert refused(a_permit(valid_until=None, renewable_from=None).must_be_renewable, LAST) == "permit-not-renewable"
    assert refused(a_permit(successor_id=uuid4()).must_be_renewable, LAST) == "permit-renewed-already"
    assert refused(a_permit(status=PermitStatus.SUSPENDED).must_be_renewable, LAST) == "permit-not-in-force"
    assert refused(a_permit(status=PermitStatus.EXPIRED).must_be_renewable, LAST) == "renewal-too-late"


def test_a_holder_is_reminded_once_and_not_of_what_was_renewed() -> None:
    permit, renewed = a_permit(), a_permit(successor_id=uuid4())
    for one in (permit, permit, renewed):
        one.remind(START)
    assert [type(fact) for fact in noted(permit)] == [facts.PermitRenewalDue]
    assert noted(renewed) == [] and renewed.reminded_at is None


def test_what_follows_a_permit_follows_the_one_in_its_place() -> None:
    follower = uuid4()
    old, new = a_permit(successor_id=follower), a_permit(succession=Succession.CORRECTION)
    old.amend(new, START)
    assert (old.successor_id, new.successor_id) == (new.id, follower)


def test_reasons_that_wait_for_no_answer_are_reasons() -> None:
    for step in ("suspended", "revoked"):
        assert set(terms()[step]["immediate"]) < set(reasons()[step])
        assert terms()[step]["answer_days"] > 0
    assert all(said["legal_basis"] and said["sample"] for said in terms().values())


def test_every_state_has_its_standing() -> None:
    assert set(STANDING) == set(PERMIT_TRANSITIONS) == set(PermitStatus)


class AnyOrder(RuleBasedStateMachine):
    """The head and the calendar do everything in any order, and time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.permit, self.now = a_permit(), START
        self.way = [self.permit.status]

    def tried(self, step: Any, *arguments: Any) -> None:
        try:
            step(*arguments)
        except RuleBroken:
            return
        finally:
            if self.way[-1] is not self.permit.status:
                self.way.append(self.permit.status)

    @rule(days=st.integers(1, 20))
    def time_goes_on(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(kind=st.sampled_from([MeasureKind.SUSPENSION, MeasureKind.REVOCATION]), days=st.sampled_from([None, 5]))
    def announce(self, kind: MeasureKind, days: int | None) -> None:
        self.tried(self.permit.announce, a_measure(kind, self.now, days=days))

    @rule()
    def answer(self) -> None:
        self.tried(self.permit.answer, "Jawaban.", self.now)

    @rule()
    def suspend(self) -> None:
        self.tried(self.permit.suspend, self.now)

    @rule(by=st.sampled_from(["kadis", None]))
    def lift(self, by: str | None) -> None:
        self.tried(self.permit.lift_suspension, by, self.now)

    @rule()
    def revoke_as_announced(self) -> None:
        self.tried(lambda: self.permit.revoke(self.permit.announced_revocation("other"), "kadis", self.now))

    @rule()
    def revoke_at_once(self) -> None:
        self.tried(self.permit.revoke, a_measure(MeasureKind.REVOCATION, self.now, days=None), "kadis", self.now)

    @rule()
    def amend(self) -> None:
        self.tried(self.permit.amend, a_permit(succession=Succession.CORRECTION), self.now)

    @rule()
    def remind(self) -> None:
        self.tried(self.permit.remind, self.now)

    @rule()
    def expire(self) -> None:
        self.tried(self.permit.expire, self.now)

    @invariant()
    def it_went_only_the_ways_there_are(self) -> None:
        assert all(after in PERMIT_TRANSITIONS[before] for before, after in pairwise(self.way))

    @invariant()
    def every_step_was_told_once(self) -> None:
        told = {
            facts.PermitSuspended: PermitStatus.SUSPENDED, facts.PermitSuspensionLifted: PermitStatus.ACTIVE,
            facts.PermitRevoked: PermitStatus.REVOKED, facts.PermitAmended: PermitStatus.AMENDED, facts.PermitExpired: PermitStatus.EXPIRED,
        }  # fmt: skip
        assert [told[type(fact)] for fact in noted(self.permit) if type(fact) in told] == self.way[1:]

    @invariant()
    def measures_in_hand_belong_to_a_permit_that_goes_on(self) -> None:
        open_ = [measure for measure in self.permit.measures if measure.status in OPEN]
        assert len({measure.kind for measure in open_}) == len(open_)
        assert not open_ or PERMIT_TRANSITIONS[self.permit.status]
        in_force = [measure for measure in open_ if measure.status is MeasureStatus.IN_FORCE]
        assert bool(in_force) == (self.permit.status is PermitStatus.SUSPENDED)
        assert all((measure.ended_at is None) == (measure in open_) for measure in self.permit.measures)

    @invariant()
    def what_waits_for_an_answer_was_not_carried_out_before(self) -> None:
        for measure in self.permit.measures:
            if measure.kind is MeasureKind.REVOCATION and measure.status is MeasureStatus.CARRIED_OUT:
                assert measure.ended_at is not None
                assert measure.may_be_carried_out(day_of(measure.ended_at))


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None, derandomize=True)
TestAnyOrder = AnyOrder.TestCase
