"""Whatever is tried by whom in whatever order: four people, one way, nothing skipped."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civil_registry.model import facts
from civil_registry.model.birth_registration import BirthRegistration, Decision, Sex
from civil_registry.model.birth_status import AFTER_REGISTRATION, EDITABLE, TRANSITIONS, Status, Step
from civil_registry.model.office_way import Filing, Reason
from civil_registry.model.registration_history import HistoryLine
from smartcity.errors import RuleBroken
from smartcity.storage import uuid7

NOW = datetime(2026, 2, 12, 3, tzinfo=UTC)
WHY = Reason("other", ("Perbaiki.",))


def a_registration() -> BirthRegistration:
    """A draft of budi's, without a database."""
    made = BirthRegistration(
        office="DISDUKCAPIL", owner_sub="budi", filed_by_sub=None, filing_id=None, path="mother_only", circumstances=[], kelurahan_code="12.71.01.1001", family_card_no="1", child_name="A",
        child_name_index=b"", child_sex=Sex.MALE, born_on=date(2026, 2, 1), born_at="04:10", birth_place_kind="home", birth_place_name="B",
        birth_city="Medan", birth_country=None, child_order=1, twin_order=0, weight_g=3000, length_cm=None, helper="midwife", mother_nik_index=b"",
        created_at=NOW, updated_at=NOW, status_since=NOW,
    )  # fmt: skip
    made.history.append(HistoryLine(position=1, status=Status.DRAFT, at=NOW, actor_sub="budi"))
    return made


def filing(late: bool) -> Filing:
    return Filing("P-LAHIR/DISDUKCAPIL/2026/000001", 61 if late else 60, late, NOW + timedelta(days=3), NOW + timedelta(days=30))


def acted(registration: BirthRegistration, act: str, who: str, late: bool) -> None:
    acts: dict[str, Any] = {
        "submit": lambda: registration.submit(filing(late), "budi", NOW),
        "begin": lambda: registration.begin_check(who, NOW),
        "verify": lambda: registration.verify(who, NOW),
        "return": lambda: registration.give_back(who, WHY, NOW),
        "approve": lambda: registration.decide_late(who, Decision.APPROVED, None, NOW),
        "reject": lambda: registration.decide_late(who, Decision.REJECTED, WHY, NOW),
        "register": lambda: registration.register("1271-LU-12022026-0001", who, date(2026, 2, 12), NOW),
        "sign": lambda: registration.sign(who, NOW),
        "issue": lambda: registration.issue(uuid7(), registration.signer_sub or who, NOW),
        "collect": lambda: registration.collect(who, NOW),
        "amend": lambda: registration.amend(who, NOW, date(2026, 2, 12)),
        "cancel": lambda: registration.cancel(who, NOW, date(2026, 2, 12)),
    }
    acts[act]()


ACTS = st.tuples(
    st.sampled_from(
        ["submit", "begin", "verify", "return", "approve", "reject", "register", "sign", "issue", "collect", "amend", "cancel"]
    ),
    st.sampled_from(["budi", "dewi", "togar", "faisal", "nurhayati"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTS, max_size=40), st.booleans())
def test_no_order_of_acts_breaks_the_rules(acts: list[tuple[str, str]], late: bool) -> None:
    registration = a_registration()
    for act, who in acts:
        before = (registration.status, registration.waits_for, len(registration.history), registration.told)
        try:
            acted(registration, act, who, late)
        except RuleBroken:
            assert before == (registration.status, registration.waits_for, len(registration.history), registration.told)
    holds(registration, late)


def holds(registration: BirthRegistration, late: bool) -> None:
    lines = registration.history
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    assert all(after.status in TRANSITIONS[before.status] for before, after in pairwise(lines))
    assert lines[-1].status is registration.status
    by_step = {step: {line.actor_sub for line in lines if line.step is step} for step in Step}
    for step, people in by_step.items():
        assert "budi" not in people
        assert not any(people & others for other, others in by_step.items() if other is not step)
    if registration.status in AFTER_REGISTRATION:
        assert registration.verifier_sub and registration.registrar_sub and registration.record_no
        assert not late or (registration.late_decision is Decision.APPROVED and registration.head_sub)
    if registration.status in EDITABLE | {Status.REJECTED, Status.SIGNED, Status.ISSUED, Status.COLLECTED, Status.CANCELLED}:
        assert registration.waits_for is None
    else:
        assert registration.waits_for is not None
    assert registration.told == len(registration.__dict__.get("_noted", ()))


def test_what_was_not_issued_is_not_amended() -> None:
    registration = a_registration()
    for act, who in [("submit", ""), ("verify", "dewi"), ("register", "togar")]:
        acted(registration, act, who, late=False)
    with pytest.raises(RuleBroken, match="registration-not-amendable"):
        acted(registration, "amend", "budi", late=False)


def test_the_straight_way_and_its_facts() -> None:
    registration = a_registration()
    for act, who in [("submit", ""), ("verify", "dewi"), ("register", "togar"), ("sign", "nurhayati"), ("issue", ""), ("collect", "budi")]:
        acted(registration, act, who, late=False)
    assert [line.status.value for line in registration.history] == [
        "draft", "submitted", "in_check", "registered", "signed", "issued", "collected",
    ]  # fmt: skip
    told = [fact for _, fact in registration.__dict__["_noted"]]
    assert [type(fact) for fact in told] == [facts.BirthSubmitted, facts.BirthRegistered]


def test_what_was_decided_about_an_earlier_version_is_decided_anew() -> None:
    registration = a_registration()
    for act, who in [("submit", ""), ("verify", "dewi"), ("approve", "faisal"), ("return", "togar"), ("submit", ""), ("verify", "dewi")]:
        acted(registration, act, who, late=True)
    assert (registration.status, registration.late_decision, registration.head_sub) == (Status.AWAITING_LATE_DECISION, None, None)
    with pytest.raises(RuleBroken, match="registration-not-registrable"):
        acted(registration, "register", "togar", late=True)
