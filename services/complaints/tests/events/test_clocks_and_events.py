"""Clocks run out by themselves; events told fit their contracts; what licensing found is shown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from complaints.events import HEARS, TELLS
from complaints.model import facts
from complaints.use_cases.clocks import BREACHED
from smartcity import clock as city_clock
from smartcity.events import catalogue

MONDAY = datetime(2026, 2, 9, 2, 0, tzinfo=UTC)
INSPECTED = "licensing.inspection.concluded.v1"


@pytest.fixture
def on_monday(clock: Any) -> Any:
    clock.set(MONDAY)
    return clock


def breached(session: Session) -> dict[str, float]:
    return {kind: watch(session, city_clock.now()) for kind, watch in BREACHED.items()}


def test_the_city_is_told_upwards_when_it_is_late(street: Any, on_monday: Any, run_due: Any, told: Any, session: Session) -> None:
    filed = street.file()
    assert breached(session) == {"verification": 0, "follow_up": 0, "answer": 0}
    assert filed["deadline"] == "2026-02-12T16:59:59+00:00", "three working days, to the end of the day in Medan"
    on_monday.set(datetime(2026, 2, 12, 16, 0, tzinfo=UTC))
    assert run_due() == []
    on_monday.set(datetime(2026, 2, 12, 17, 0, tzinfo=UTC))
    assert run_due() == ["done"]
    late = street.show(filed["id"])
    assert (late["status"], late["escalation"], late["waits_for"]) == ("received", "head", "coordinator")
    assert breached(session) == {"verification": 1, "follow_up": 0, "answer": 0}
    on_monday.advance(days=14)
    assert run_due() == ["done"]
    assert street.show(filed["id"])["escalation"] == "secretariat"
    on_monday.advance(days=60)
    assert run_due() == []
    assert [event["data"].get("to") for event in told()] == [None, "head", "secretariat"]


def test_joint_leave_is_no_working_day(street: Any, on_monday: Any) -> None:
    on_monday.set(datetime(2026, 2, 13, 2, 0, tzinfo=UTC))  # Friday; Monday 16 is joint leave, Tuesday 17 Imlek
    assert street.file()["deadline"] == "2026-02-20T16:59:59+00:00"


def test_the_office_has_five_working_days_to_begin_and_the_class_to_answer(street: Any, on_monday: Any) -> None:
    ident = street.brought_to("disposition")
    assert street.show(ident)["deadline"] == "2026-02-18T16:59:59+00:00"
    assert street.step(ident, "follow-up").json["deadline"] == street.show(ident)["answer_by"]
    assert street.show(ident)["answer_by"] == "2026-03-03T16:59:59+00:00"


def test_silence_for_ten_days_after_an_answer_closes_and_a_word_in_time_does_not(
    street: Any, on_monday: Any, run_due: Any, told: Any
) -> None:
    silent, heard = street.brought_to("answer"), street.brought_to("answer")
    run_due()
    on_monday.advance(days=10)
    assert street.act(heard, "reopening", {"note": "Belum selesai."}).status_code == 200
    run_due()
    assert street.show(silent)["status"] == "answered"
    on_monday.advance(days=1)
    run_due()
    closed = street.show(silent)
    assert (closed["status"], closed["close_cause"]) == ("closed", "silence")
    assert street.show(heard)["status"] == "in_progress"
    assert [event["data"]["cause"] for event in told("complaints.complaint.closed.v1")] == ["silence"]


@pytest.mark.parametrize(
    ("words", "status", "event"),
    [
        ([False], "in_progress", "reopened.followers"), ([False, False, True], "in_progress", "reopened.followers"),
        ([True], "closed", "closed.silence"), ([False, True], "closed", "closed.silence"), ([], "closed", "closed.silence"),
    ],
)  # fmt: skip
def test_where_the_reporter_is_silent_the_followers_have_the_word(
    street: Any, on_monday: Any, run_due: Any, told: Any, words: list[bool], status: str, event: str
) -> None:
    ident = street.brought_to("answer")
    for number, repaired in enumerate(words):
        who = street.citizen(f"neighbour-{number}")
        street.client.post(street.path(ident, "followers"), headers=who)
        assert street.client.post(street.path(ident, "confirmation"), json={"repaired": repaired}, headers=who).status_code == 200
    on_monday.advance(days=11)
    run_due()
    ended = street.show(ident)
    assert (ended["status"], ended["timeline"][-1]["event"]) == (status, event)
    assert len(told(f"complaints.complaint.{'reopened' if status == 'in_progress' else 'closed'}.v1")) == 1
    assert (ended["deadline"] is None) is (status == "closed")


def test_a_closed_complaint_can_be_reopened_for_thirty_days(street: Any, on_monday: Any) -> None:
    in_time, late = street.brought_to("answer"), street.brought_to("answer")
    for ident in (in_time, late):
        street.act(ident, "acceptance", {})
    on_monday.advance(days=30)
    assert street.act(in_time, "reopening", {"note": "Berlubang lagi."}).json["status"] == "in_progress"
    on_monday.advance(days=1)
    refused = street.act(late, "reopening", {"note": "Berlubang lagi."})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/reopening-too-late")


def test_what_is_never_completed_is_withdrawn_after_thirty_days_and_the_standstill_does_not_count(
    street: Any, on_monday: Any, run_due: Any
) -> None:
    forgotten, completed = street.file(), street.file()
    for one in (forgotten, completed):
        street.step(one["id"], "verification", {"result": "needs_completion", "note": "Nomor berapa?"})
    on_monday.advance(days=7)
    again = street.act(completed["id"], "completion", {"text": "Nomor 40."}).json
    moved = datetime.fromisoformat(again["answer_by"]) - datetime.fromisoformat(completed["answer_by"])
    assert moved.days == 7
    on_monday.advance(days=24)
    run_due()
    ended = street.show(forgotten["id"])
    assert (ended["status"], ended["timeline"][-1]["event"]) == ("withdrawn", "withdrawn.not-completed")


def test_what_licensing_found_stands_in_the_timeline_once(street: Any, hear: Any, example: Any) -> None:
    ident = street.brought_to("follow-up", category="jalan_rusak")
    data = {**example(INSPECTED), "complaint_id": ident, "outcome_code": "permit-absent"}
    assert [hear(INSPECTED, data, id="i-1") for _ in range(2)] == ["applied", "duplicate"]
    lines = [line["event"] for line in street.show(ident)["timeline"]]
    assert lines.count("inspected.permit-absent") == 1


def test_an_inspection_of_nobody_s_complaint_is_no_trouble(hear: Any, example: Any) -> None:
    for complaint in (None, "0197b1c4-55aa-7c10-8f21-6a0e1b2c3dff"):
        assert hear(INSPECTED, {**example(INSPECTED), "complaint_id": complaint}) == "applied"


def test_every_noted_fact_is_told_and_every_contract_of_ours_has_its_fact() -> None:
    noted = {kind for name, kind in vars(facts).items() if isinstance(kind, type) and name.startswith("Complaint")}
    assert set(TELLS) == noted
    ours = {name for name, terms in catalogue.all_contracts().items() if terms.service == "complaints"}
    assert len(ours) == len(noted)
    assert all("complaints" in catalogue.contract(name).heard_by for name in HEARS)


def test_no_contract_of_ours_names_a_person_or_what_was_typed() -> None:
    for name, terms in catalogue.all_contracts().items():
        if terms.service == "complaints":
            terms.check(terms.example)
            assert not set(terms.schema["properties"]) & {"title", "text", "reporter_name", "owner_sub", "address", "note"}, name


def test_the_same_inspection_told_again_under_another_id_is_written_once_and_a_second_one_beside_it(
    street: Any, hear: Any, example: Any
) -> None:
    ident = street.brought_to("follow-up", category="jalan_rusak")
    data = {**example(INSPECTED), "complaint_id": ident}
    other = {**data, "inspection_id": "0197b001-7c3d-7b22-93aa-5b8e1f2a7702", "outcome_code": "not-accessible"}
    assert [hear(INSPECTED, sent) for sent in (other, data, data)] == ["applied"] * 3
    lines = [line["event"] for line in street.show(ident)["timeline"] if line["event"].startswith("inspected")]
    assert lines == ["inspected.not-accessible", "inspected.permit-absent"]


def test_facts_of_one_complaint_are_told_in_the_order_they_happened(street: Any, told: Any) -> None:
    ident = street.brought_to("answer")
    street.act(ident, "acceptance", {"rating": 3})
    about = [event for event in told() if event["subject"] == ident]
    assert [event["sequence"] for event in about] == ["1", "2", "3", "4", "5"]
    assert [event["type"].split(".")[-2] for event in about] == ["submitted", "verified", "routed", "answered", "closed"]
