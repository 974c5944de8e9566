"""The state machine: whatever is tried in whatever order, only declared ways are gone and the clocks agree with the state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import ComplaintPhoto, PhotoKind
from complaints.model.complaint_status import TRANSITIONS, WAITS_FOR, Clock, CloseCause, Status
from complaints.model.complaint_way import Step, Turn
from complaints.rules.distance import box, metres
from smartcity.errors import RuleBroken
from smartcity.storage import uuid7

NOW = datetime(2026, 2, 9, 2, 0, tzinfo=UTC)
CLOCK_OF = {
    Status.RECEIVED: {Clock.VERIFICATION}, Status.NEEDS_COMPLETION: {Clock.COMPLETION}, Status.DISPOSED: {Clock.FOLLOW_UP},
    Status.IN_PROGRESS: {Clock.ANSWER}, Status.ANSWERED: {Clock.CONSENT}, Status.CLOSED: {None}, Status.ARCHIVED: {None}, Status.WITHDRAWN: {None},
}  # fmt: skip


ENDED = {Status.CLOSED: {"accept", "silence"}, Status.ARCHIVED: {"archive", "link"}, Status.WITHDRAWN: {"withdraw"}}
"""What may end a complaint: the reporter's word or silence, the coordinator's archive; never the office's step."""


def turn(clock: Clock) -> Turn:
    return Turn(clock, NOW + timedelta(days=9))


def complaint() -> Complaint:
    made = Complaint(
        number="MRK-202602-000001", follow_up_index=b"x", owner_sub="siti", recorded_by="siti", channel="web", category="jalan_rusak", title="t",
        text="t", kelurahan_code="12.71.01.1001", address="a", anonymous=False, confidential=False, received_at=NOW, updated_at=NOW,
        status_since=NOW, answer_by=NOW,
    )  # fmt: skip
    made.receive(Step(NOW), turn(Clock.VERIFICATION))
    return made


def photo() -> ComplaintPhoto:
    return ComplaintPhoto(kind=PhotoKind.PROOF, file_id=uuid7(), uploaded_at=NOW)


STEPS: dict[str, Any] = {
    "ask": lambda one: one.ask_completion(Step(NOW), turn(Clock.COMPLETION)),
    "complete": lambda one: one.complete("more", Step(NOW), turn(Clock.VERIFICATION)),
    "verify": lambda one: one.verify(Step(NOW)),
    "archive": lambda one: one.archive("unclear", None, Step(NOW)),
    "dispose": lambda one: one.dispose("SDABMBK", Step(NOW), turn(Clock.FOLLOW_UP)),
    "return": lambda one: one.give_back(Step(NOW), turn(Clock.VERIFICATION), turn(Clock.FOLLOW_UP)),
    "begin": lambda one: one.follow_up(Step(NOW), turn(Clock.ANSWER)),
    "extend": lambda one: one.extend(NOW + timedelta(days=20), Step(NOW, note="Aspal belum datang.")),
    "plan": lambda one: one.plan("RENJA-7", NOW.date(), Step(NOW)),
    "locate": lambda one: one.locate(3.58, 98.68, "12.71.01.1002", Step(NOW)),
    "learn": lambda one: one.learn(uuid7(), "inspected.no-violation", NOW),
    "escalate": lambda one: one.clock and one.escalate(turn(one.clock), NOW),
    "silence": lambda one: one.close(CloseCause.SILENCE, Step(NOW)),
    "photo": lambda one: one.attach(photo(), NOW),
    "answer": lambda one: one.answer(Step(NOW), turn(Clock.CONSENT), proof_needed=True),
    "accept": lambda one: one.close(CloseCause.ACCEPTED, Step(NOW), 4),
    "reopen": lambda one: one.reopen(NOW, Step(NOW), turn(Clock.ANSWER)),
    "withdraw": lambda one: one.withdraw("solved", Step(NOW)),
}


@settings(max_examples=400, derandomize=True, deadline=None, database=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
def test_whatever_is_tried_only_declared_ways_are_gone(steps: list[str]) -> None:
    one = complaint()
    for step in steps:
        before, told, lines = one.status, one.told, [vars(line).copy() for line in one.history]
        try:
            STEPS[step](one)
        except RuleBroken:
            assert (one.status, one.told) == (before, told), f"{step} was refused and left a trace"
            assert [vars(line) for line in one.history] == lines
            continue
        assert [vars(line) for line in one.history[: len(lines)]] == lines, f"{step} changed what had happened"
        assert one.status is before or one.status not in ENDED or step in ENDED[one.status], f"{step} ended it"
        assert one.status is before or one.status in TRANSITIONS[before] or (step == "return" and one.returns >= 3)
        assert one.clock in CLOCK_OF[one.status]
        assert one.waits_for == (WAITS_FOR[one.clock] if one.clock else None)
        assert (one.clock is None) == (one.deadline is None)
        assert (one.close_cause is not None) == (one.status is Status.CLOSED)
        assert one.office is not None or one.status not in (Status.DISPOSED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED)
    assert [line.position for line in one.history] == list(range(1, len(one.history) + 1))


def test_nothing_is_laid_before_an_office_that_nobody_has_read() -> None:
    with pytest.raises(RuleBroken, match="complaint-not-verified"):
        STEPS["dispose"](complaint())


def test_metres_and_the_box_around_a_point_agree() -> None:
    assert 110 < metres(3.58, 98.68, 3.581, 98.68) < 112
    west, south, east, north = box(3.58, 98.68, 50)
    for latitude, longitude in ((south, 98.68), (north, 98.68), (3.58, west), (3.58, east)):
        assert 49.5 < metres(3.58, 98.68, latitude, longitude) < 50.5
