"""The office's clock: seen by the applicant, standing while they act, and told of when it is not kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.use_cases import clocks
from licensing.use_cases.clocks import BREACHED, late_steps
from smartcity import due
from smartcity.calendar import add_working_days
from smartcity.outages import ENDED, Outage

TOLD = "licensing.clock.escalated.v1"


def at(day: int, hour: int = 3, month: int = 11) -> datetime:
    """A moment of 2026, UTC; hour 3 is 10.00 in Medan."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def submitted(desk: Any, clock: Any) -> str:
    """Submitted on Tuesday 24 November 2026, in the morning."""
    clock.set(at(24))
    return str(desk.brought_to("submission"))


def test_the_applicant_sees_who_must_act_by_when_and_why(desk: Any, submitted: str) -> None:
    shown = desk.show(submitted)["clock"]
    assert (shown["step"], shown["role"], shown["due_on"], shown["working"]) == ("submitted", "officer", "2026-11-27", True)
    assert "PP 16/2021" in shown["legal_basis"]
    (case,) = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    assert case["deadline"].startswith("2026-11-27T16:59:59")


def test_an_evening_counts_as_the_next_working_day(desk: Any, clock: Any) -> None:
    clock.set(at(27, hour=14))  # Friday, 21.00 in Medan
    ident = desk.brought_to("submission")
    assert desk.show(ident)["clock"]["due_on"] == "2026-12-03"


def test_days_off_are_not_counted(desk: Any, clock: Any) -> None:
    clock.set(at(22, month=12))
    ident = desk.brought_to("submission")
    due_on = date.fromisoformat(desk.show(ident)["clock"]["due_on"])
    assert due_on == add_working_days(date(2026, 12, 22), 3) > date(2026, 12, 25)


def test_it_stands_while_the_applicant_repairs_and_goes_on_where_it_stood(
    desk: Any, clock: Any, submitted: str, run_due: Any, told: Any
) -> None:
    clock.set(at(25))
    assert desk.step(submitted, "completeness").status_code == 200
    assert desk.show(submitted)["clock"]["due_on"] == "2026-11-30"
    clock.set(at(26))
    assert desk.step(submitted, "returns").status_code == 200
    assert desk.show(submitted)["clock"] is None
    clock.set(at(14, month=12))
    run_due()
    assert told(TOLD) == []
    assert desk.step(submitted, "submission").status_code == 200
    again = desk.show(submitted)["clock"]
    assert (again["used"], again["due_on"]) == (1, "2026-12-16")
    assert desk.step(submitted, "completeness").status_code == 200
    assert desk.show(submitted)["clock"]["used"] == 1


def test_it_is_told_at_half_all_and_one_and_a_half_of_the_time_once_each(
    desk: Any, clock: Any, submitted: str, run_due: Any, told: Any, session: Session
) -> None:
    seen = []
    for day, month in ((24, 11), (25, 11), (26, 11), (27, 11), (28, 11), (30, 11), (1, 12), (2, 12), (20, 12)):
        clock.set(at(day, hour=16, month=month))
        run_due()
        seen.append([event["data"]["percent"] for event in told(TOLD)])
    assert seen == [[], [], [], [50], [50, 100], [50, 100], [50, 100], [50, 100, 150], [50, 100, 150]]
    assert told(TOLD)[0]["data"] == {
        "application_id": submitted, "application_no": desk.show(submitted)["number"], "permit_type": "PBG", "step": "submitted",
        "role": "officer", "percent": 50, "due_on": "2026-11-27", "office": "DPMPTSP",
    }  # fmt: skip
    assert desk.show(submitted)["clock"]["escalated"] == 150
    assert late_steps(session, at(27, hour=16)) == 0
    assert late_steps(session, at(28)) == 1


def test_after_a_long_absence_only_the_worst_is_told(clock: Any, submitted: str, run_due: Any, told: Any) -> None:
    clock.set(at(20, month=12))
    run_due()
    assert [event["data"]["percent"] for event in told(TOLD)] == [150]


@pytest.mark.parametrize("step", ["assessment", "withdrawal"])
def test_no_clock_of_the_office_runs_while_money_is_awaited_or_at_the_end(
    desk: Any, clock: Any, run_due: Any, told: Any, step: str
) -> None:
    clock.set(at(24))
    ident = desk.brought_to("assessment" if step == "assessment" else "submission")
    if step == "withdrawal":
        assert desk.step(ident, "withdrawal", {"reason_code": "plan-changed"}).status_code == 200
    assert desk.show(ident)["clock"] is None
    clock.set(at(30, month=12))
    run_due()
    assert told(TOLD) == []


def outage(session: Session, began: datetime, ended: datetime) -> None:
    """As the heartbeat keeps it, with its due work."""
    kept = Outage(began=began, ended=ended)
    session.add(kept)
    session.flush()
    due.schedule(session, ENDED, str(kept.position), began)
    session.commit()


def test_minutes_in_which_the_suite_was_down_are_given_back_with_a_reason(
    desk: Any, clock: Any, submitted: str, run_due: Any, session: Session, told: Any
) -> None:
    outage(session, at(25, 1), at(25, 2))
    clock.set(at(25))
    run_due()
    shown = desk.show(submitted)["clock"]
    assert (shown["lost"], shown["due_on"]) == (60, "2026-11-30")  # the 27th is a Friday: the hour is the first of Monday
    assert "60 menit" in shown["reason"] and "3 hari kerja" in shown["reason"]
    clock.set(datetime(2026, 11, 29, 17, 30, tzinfo=UTC))  # half past midnight on Monday, in Medan
    run_due()
    assert [event["data"]["percent"] for event in told(TOLD)] == [50]
    clock.set(datetime(2026, 11, 29, 18, 30, tzinfo=UTC))
    run_due()
    assert [event["data"]["percent"] for event in told(TOLD)] == [50, 100]


def test_an_outage_on_days_that_do_not_count_or_before_the_clock_ran_gives_nothing(
    desk: Any, clock: Any, submitted: str, run_due: Any, session: Session
) -> None:
    outage(session, at(22), at(24, 2))
    outage(session, at(28), at(29))
    clock.set(at(27))
    run_due()
    assert (desk.show(submitted)["clock"]["lost"], desk.show(submitted)["clock"]["due_on"]) == (0, "2026-11-27")


def test_an_outage_of_days_is_given_back_in_whole_and_the_offices_that_were_asked_have_it_too(
    desk: Any, clock: Any, run_due: Any, session: Session
) -> None:
    clock.set(at(24))
    ident = desk.brought_to("completeness", answers={"fungsi": "usaha", "jumlah_lantai": 5, "luas_lantai_m2": "900"})
    before = desk.show(ident)["clock"]["due_on"]
    asked = {
        row["code"]: row["due_on"]
        for row in desk.client.get(f"/v1/permit-applications/{ident}/clearances", headers=desk.citizen()).json["items"]
    }
    outage(session, at(25, 3), at(26, 4))
    clock.set(at(26, 5))
    run_due()
    assert desk.show(ident)["clock"]["lost"] == 25 * 60
    after = {
        row["code"]: row["due_on"]
        for row in desk.client.get(f"/v1/permit-applications/{ident}/clearances", headers=desk.citizen()).json["items"]
    }
    assert date.fromisoformat(desk.show(ident)["clock"]["due_on"]) == add_working_days(date.fromisoformat(before), 2)
    assert {code: date.fromisoformat(day) for code, day in after.items()} == {
        code: add_working_days(date.fromisoformat(day), 2) for code, day in asked.items()
    }


def test_what_is_late_is_counted_by_kind_of_clock(desk: Any, clock: Any, session: Session) -> None:
    clock.set(at(24))
    desk.brought_to("completeness", answers={"fungsi": "usaha", "jumlah_lantai": 5, "luas_lantai_m2": "900"})
    desk.brought_to("submission")
    body = {"kelurahan_code": "12.71.01.1001", "site_address": "Jalan Sei Deli 12", "cause": "Tanpa papan izin."}
    assert desk.client.post("/v1/inspections", json=body, headers={**desk.staff("completeness"), **desk.key()}).status_code == 201
    asked = session.scalar(sa.text("SELECT count(*) FROM clearance"))
    assert {kind: late(session, at(24)) for kind, late in BREACHED.items()} == {"step": 0, "clearance": 0, "inspection": 0}
    assert {kind: late(session, at(30, month=12)) for kind, late in BREACHED.items()} == {"step": 2, "clearance": asked, "inspection": 1}
    assert asked


def test_an_outage_is_given_back_in_portions_to_each_case_once(
    desk: Any, clock: Any, run_due: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(at(24))
    made = [desk.brought_to("submission") for _ in range(3)]
    body = {"kelurahan_code": "12.71.01.1001", "site_address": "Jalan Sei Deli 12", "cause": "Tanpa papan izin."}
    inspection = desk.client.post("/v1/inspections", json=body, headers={**desk.staff("completeness"), **desk.key()}).json["id"]
    outage(session, at(25, 1), at(25, 2))
    monkeypatch.setattr(clocks, "PORTION", 1)
    clock.set(at(25))
    run_due()
    assert [desk.show(ident)["clock"]["lost"] for ident in made] == [60, 60, 60]
    assert session.scalar(sa.text("SELECT lost FROM inspection WHERE id = :id"), {"id": inspection}) == 60
    assert session.scalar(sa.text("SELECT count(*) FROM due WHERE kind = :kind"), {"kind": ENDED}) == 0


def test_the_same_outage_is_given_back_once_however_its_work_is_repeated(
    desk: Any, clock: Any, submitted: str, run_due: Any, session: Session
) -> None:
    outage(session, at(25, 1), at(25, 2))
    clock.set(at(25))
    run_due()
    run_due()
    assert desk.show(submitted)["clock"]["lost"] == 60
