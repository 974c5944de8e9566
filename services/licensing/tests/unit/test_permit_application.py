"""The application as a machine: whatever is tried in whatever order, money comes before the permit and none is lost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from licensing.model import facts
from licensing.model.application_document import ApplicationDocument
from licensing.model.application_status import CLOSED_WITHOUT_PERMIT, TRANSITIONS, Status
from licensing.model.assessment import Assessment
from licensing.model.bill_notice import IssuedBill, Payment
from licensing.model.examination import Result, Round
from licensing.model.finding import Raised
from licensing.model.permit_application import PermitApplication, Reason
from smartcity.errors import InputWrong, NotYet, RuleBroken

START = datetime(2026, 2, 10, 3, tzinfo=UTC)
DEBT = facts.Debt("budi", "Budi", "Medan", "4.1.02.03.01.0001", "skrd-30-days", "12.71.07")
CONFORMS = Round(Result.CONFORMS, "Sesuai.")
STAIRS = Raised("stairs", "Tangga kurang lebar.", "documents.design_drawings")
REASON = Reason("other", ("Alasan.",))
BILLS = [UUID(int=number) for number in range(1, 4)]


def an_application() -> PermitApplication:
    return PermitApplication(
        office="DPMPTSP", owner_sub="budi", permit_type="PBG", applicant_name="Budi", applicant_address="Medan", site_address="Medan",
        kelurahan_code="12.71.01.1001", answers={}, created_at=START, updated_at=START, status_since=START,
    )  # fmt: skip


def noted(application: PermitApplication) -> list[Any]:
    return [fact for _, fact in application.__dict__.get("_noted", [])]


def an_assessment(total: int, reason: str | None = None) -> Assessment:
    return Assessment(
        rule_set="pp-16-2021", total=total, calculation={}, assessed_on=START.date(), assessed_at=START, assessor_sub="sri", reason=reason
    )


def a_payment(total: int, *, bill: UUID = BILLS[0], reference_total: int | None = None, minute: int = 1) -> Payment:
    reference = total if reference_total is None else reference_total
    moment = START + timedelta(minutes=minute)
    return Payment(bill, "SKRD/1", total, total, reference, moment, "SSRD/1", moment)


def awaiting(total: int = 100) -> PermitApplication:
    application = an_application()
    application.submit("P-1", START)
    application.find_complete("sri", START)
    application.examine("eko", CONFORMS, START)
    application.approve("ani", START)
    application.assess(an_assessment(total), DEBT, START)
    return application


def test_approved_becomes_awaiting_payment_in_the_step_that_fixes_the_retribution() -> None:
    application = awaiting()
    assert application.status is Status.AWAITING_PAYMENT
    assert isinstance(noted(application)[-1], facts.RetributionAssessed)


def test_money_that_covers_makes_it_ready_for_issue() -> None:
    application = awaiting()
    application.settle(a_payment(99), START)
    assert not application.can_be_issued
    application.settle(a_payment(100, minute=2), START)
    assert application.can_be_issued


def test_an_older_word_about_the_money_does_not_undo_a_newer_one() -> None:
    application = awaiting(200)
    application.settle(a_payment(150, bill=BILLS[1], reference_total=150, minute=9), START)
    application.settle(a_payment(50, bill=BILLS[0], reference_total=50, minute=3), START)
    assert application.paid_total == 150


def test_the_newest_issued_bill_is_the_one_to_pay() -> None:
    application = awaiting()
    for number, bill in enumerate(BILLS):
        issued = START + timedelta(hours=(number + 1) % 3)
        application.hear_bill(IssuedBill(bill, f"SKRD/{number}", 100, START.date(), issued, None, None), START)
    assert application.newest_bill is not None
    assert application.newest_bill.bill_no == "SKRD/1"


def test_the_application_s_date_is_that_of_its_first_submission_in_medan() -> None:
    application = an_application()
    assert application.applied_on is None
    application.submit("P-1", datetime(2020, 12, 31, 18, tzinfo=UTC))
    application.give_back("sri", REASON, START)
    application.submit("P-1", START)
    assert str(application.applied_on) == "2021-01-01"


@pytest.mark.parametrize("status", [status for status in Status if not TRANSITIONS[status]])
def test_an_end_is_an_end(status: Status) -> None:
    assert status in CLOSED_WITHOUT_PERMIT | {Status.ISSUED}


class AnyOrder(RuleBasedStateMachine):
    """Everybody tries everything in any order; the treasury tells the truth late, twice and shuffled."""

    def __init__(self) -> None:
        super().__init__()
        self.application, self.minute, self.issues = an_application(), 0, 0
        self.received: dict[UUID, int] = {}

    @initialize(depth=st.integers(0, 5))
    def begin_somewhere(self, depth: int) -> None:
        steps = (self.submit, self.find_complete, lambda: self.examine(False, frozenset(), "eko"), lambda: self.approve("rina"))
        for step in (*steps, lambda: self.assess(100, None))[:depth]:
            step()

    def tried(self, step: Any, *arguments: Any) -> None:
        self.minute += 1
        try:
            step(*arguments, START + timedelta(minutes=self.minute))
        except (RuleBroken, InputWrong):
            return
        if self.application.can_be_issued:
            self.application.issue(uuid4(), START)
            self.issues += 1

    @rule()
    def upload(self) -> None:
        self.tried(self.application.attach, ApplicationDocument(kind="land_title", file_id=uuid4(), name="a.pdf", uploaded_at=START))

    @rule()
    def submit(self) -> None:
        self.tried(self.application.submit, "P-1")

    @rule()
    def find_complete(self) -> None:
        self.tried(self.application.find_complete, "sri")

    @rule()
    def give_back(self) -> None:
        self.tried(self.application.give_back, "sri", REASON)

    @rule(
        wanting=st.booleans(), resolved=st.frozensets(st.integers(1, 3), max_size=2), examiner=st.sampled_from(["eko", "ani"])
    )  # fmt: skip
    def examine(self, wanting: bool, resolved: frozenset[int], examiner: str) -> None:
        held = Round(Result.NEEDS_REPAIR, "Berita acara.", (STAIRS,), resolved) if wanting else Round(Result.CONFORMS, "Ya.", (), resolved)
        self.tried(self.application.examine, examiner, held)

    @rule()
    def draw_anew(self) -> None:
        self.tried(self.application.attach, ApplicationDocument(kind="design_drawings", file_id=uuid4(), name="a.pdf", uploaded_at=START))

    @rule(approver=st.sampled_from(["ani", "rina"]))
    def approve(self, approver: str) -> None:
        self.tried(self.application.approve, approver)

    @rule(total=st.sampled_from([0, 50, 100, 150]), reason=st.sampled_from([None, "Luas."]))
    def assess(self, total: int, reason: str | None) -> None:
        self.tried(self.application.assess, an_assessment(total, reason), DEBT)

    @rule(bill=st.sampled_from(BILLS), amount=st.sampled_from([50, 100]))
    def pay(self, bill: UUID, amount: int) -> None:
        if self.application.assessments:
            self.received.setdefault(bill, amount)
        reference_total = sum(self.received.values()) or amount
        payment = a_payment(self.received.get(bill, amount), bill=bill, reference_total=reference_total, minute=self.minute)
        try:
            self.tried(self.application.settle, payment)
        except NotYet:
            assert not self.application.bills

    @rule()
    def withdraw(self) -> None:
        self.tried(self.application.withdraw, REASON)

    @rule()
    def reject(self) -> None:
        self.tried(self.application.reject, "ani", REASON)

    @rule()
    def lapse(self) -> None:
        self.tried(self.application.lapse, "not-paid")

    @invariant()
    def money_comes_before_the_permit(self) -> None:
        if self.application.status is Status.ISSUED:
            assert self.application.retribution is not None
            assert self.application.paid_total >= self.application.retribution
        assert self.issues == (self.application.status is Status.ISSUED)

    @invariant()
    def every_rupiah_of_a_closed_application_is_told_back_once(self) -> None:
        told_back = sum(fact.amount for fact in noted(self.application) if isinstance(fact, facts.PaymentNotUsable))
        closed = self.application.status in CLOSED_WITHOUT_PERMIT
        assert told_back == (sum(bill.paid_total for bill in self.application.bills) if closed else 0)

    @invariant()
    def the_history_is_a_way_through_the_states(self) -> None:
        way = [Status.DRAFT, *(line.status for line in self.application.history)]
        assert way[-1] is self.application.status
        assert all(after in TRANSITIONS[before] for before, after in pairwise(way))

    @invariant()
    def nothing_approved_is_still_wanting_and_no_sixth_round_is_held(self) -> None:
        examinations, findings = self.application.examinations, self.application.findings
        assert [one.round for one in examinations] == list(range(1, len(examinations) + 1)) and len(examinations) <= 5
        if self.application.status is Status.APPROVED:
            assert examinations[-1].result is Result.CONFORMS and all(one.resolved_in for one in findings)
        if len(examinations) == 5 and examinations[-1].result is Result.NEEDS_REPAIR:
            assert self.application.re_registration_recommended

    @invariant()
    def a_later_round_raises_only_what_was_drawn_anew(self) -> None:
        seen: dict[int, Any] = {one.round: (one.seen or {}).get("documents.design_drawings") for one in self.application.examinations}
        assert all(one.raised_in == 1 or seen[one.raised_in] != seen[one.raised_in - 1] for one in self.application.findings)

    @invariant()
    def whoever_approved_did_not_examine(self) -> None:
        examiners = {examination.examiner_sub for examination in self.application.examinations}
        approvers = {line.actor_sub for line in self.application.history if line.status is Status.APPROVED}
        assert not examiners & approvers


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, derandomize=True)
TestAnyOrder = AnyOrder.TestCase
