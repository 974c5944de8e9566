"""An inspection: who goes there and when, what they find, what follows; for a complaint or of the office's own accord."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from smartcity import due
from smartcity.outages import ENDED, Outage

PLACE = {"kelurahan_code": "12.71.01.1001", "site_address": "Jalan Sisingamangaraja 40, Medan", "cause": "Pengawasan berkala."}
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture
def opened(inspect: Any, clock: Any) -> Any:
    """One that an officer opened of their own accord on Monday 23 November 2026."""
    clock.set(MONDAY)
    return inspect(office="PERKIMCIKATARU", **PLACE)


@pytest.fixture
def permit(desk: Any, hear: Any, paid: Any) -> Any:
    """A building's, of budi."""
    hear("finance-sts.bill.paid.v1", paid(desk.brought_to("assessment")))
    return desk.client.get("/v1/permits?mine=true", headers=desk.citizen()).json["items"][0]


def test_an_officer_opens_one_sends_an_inspector_and_concludes_what_was_found(opened: Any, told: Any, run_due: Any) -> None:
    shown = opened.show().json
    assert (shown["status"], shown["complaint"], shown["due_on"]) == ("opened", None, "2026-12-11")
    planned = opened.schedule(day="2026-11-23").json
    assert (planned["status"], planned["day"], planned["inspector_sub"]) == ("scheduled", "2026-11-23", "penilik")
    picture = opened.photo()
    assert picture.status_code == 201
    assert opened.conclude().json["type"] == "/problems/visit-photos-in-check"
    run_due()
    done = opened.conclude().json
    assert (done["status"], done["outcome_code"], done["due_on"]) == ("concluded", "permit-absent", None)
    assert opened.client.get(f"{opened.path}/photos/{picture.json['id']}", headers=opened.headers).mimetype == "image/jpeg"
    (event,) = told("licensing.inspection.concluded.v1")
    assert event["data"]["complaint_id"] is None


def test_the_same_request_opens_one(desk: Any, session: Session) -> None:
    headers = {**desk.as_("penilik", "officer", office="SATPOLPP"), "Idempotency-Key": "the-same-key"}
    answers = [desk.client.post("/v1/inspections", json=PLACE, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201] and answers[0].json == answers[1].json
    assert desk.client.post("/v1/inspections", json=PLACE, headers=desk.as_("penilik", "officer", office="SATPOLPP")).status_code == 400
    assert session.scalar(sa.text("SELECT count(*) FROM inspection")) == 1


def test_it_belongs_to_its_office(opened: Any, desk: Any) -> None:
    for name, office in (("sri", "DPMPTSP"), ("uli", "SATPOLPP")):
        assert desk.client.get(opened.path, headers=desk.as_(name, "officer", office=office)).status_code == 404
    assert desk.client.get(opened.path, headers=desk.citizen()).status_code == 403
    assert desk.client.get(opened.path, headers=desk.as_("ester", "auditor")).status_code == 200
    assert desk.client.post("/v1/inspections", json=PLACE, headers={**desk.citizen(), **desk.key()}).status_code == 403


def test_who_is_not_sent_there_concludes_nothing_and_two_at_once_do_not_either(opened: Any, desk: Any, inspect: Any, clock: Any) -> None:
    assert opened.conclude().json["type"] == "/problems/inspection-not-scheduled"
    stale = opened.etag()
    assert opened.schedule(inspector_sub="togar").status_code == 200
    assert opened.conclude().json["type"] == "/problems/inspection-of-another"
    assert opened.photo().json["type"] == "/problems/inspection-of-another"
    assert opened.post("schedule", {"day": "2026-11-24"}, match=stale).status_code == 412
    assert opened.post("schedule", {"day": "2026-11-24"}, match={}).status_code == 428
    assert opened.schedule(day="2026-11-24").json["inspector_sub"] == "penilik"
    assert opened.conclude().json["type"] == "/problems/visit-not-yet"
    clock.set(MONDAY.replace(day=24))
    assert opened.conclude().json["type"] == "/problems/visit-photos-missing"


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-28", "2027-02-22"])
def test_nobody_is_sent_on_a_day_that_is_over_off_or_too_far(opened: Any, day: str) -> None:
    refused = opened.schedule(day=day)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"day"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome_code": "no-violation", "measures": []}, "outcome_code"),
        ({"outcome_code": "violation-found"}, "permit_no"),
        ({"permit_no": "PBG/DPMPTSP/2026/000099"}, "permit_no"),
        ({"measures": ["permit-revoked"]}, "measures"),
        ({"measures": ["work-stopped", "work-stopped"]}, "measures"),
        ({"checklist": []}, "checklist"),
        ({"checklist": [{"code": "x", "met": True}]}, "checklist"),
        ({"outcome_code": "demolished"}, "outcome_code"),
    ],
)
def test_a_conclusion_that_contradicts_itself_is_refused_and_names_the_field(opened: Any, change: dict[str, Any], field: str) -> None:
    opened.schedule(day="2026-11-23")
    refused = opened.conclude(**change)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {field})
    assert opened.show().json["status"] == "scheduled"


def test_a_building_that_has_a_permit_is_named_by_its_number(opened: Any, permit: Any, told: Any, run_due: Any) -> None:
    opened.schedule(day="2026-11-23")
    opened.photo()
    run_due()
    absent = opened.conclude(permit_no=permit["number"])
    assert absent.json["errors"]["permit_no"], "a permit is named where none was found"
    done = opened.conclude(outcome_code="violation-found", measures=["work-stopped"], permit_no=permit["number"])
    assert done.json["permit_id"] == permit["id"]
    assert told("licensing.inspection.concluded.v1")[0]["data"]["permit_id"] == permit["id"]


def test_a_place_that_cannot_be_entered_needs_no_checklist_and_is_followed_by_another_inspection(
    opened: Any, inspect: Any, run_due: Any
) -> None:
    early = inspect(office="PERKIMCIKATARU", open_it=False).file(follows_id=opened.ident, **PLACE)
    assert early.json["errors"]["follows_id"]
    opened.schedule(day="2026-11-23")
    opened.photo()
    run_due()
    assert opened.conclude(outcome_code="not-accessible", measures=[], checklist=[]).status_code == 200
    again = inspect(office="PERKIMCIKATARU", follows_id=opened.ident, **PLACE)
    assert again.show().json["follows_id"] == opened.ident
    twice = inspect(office="PERKIMCIKATARU", open_it=False).file(follows_id=opened.ident, **PLACE)
    assert (twice.status_code, set(twice.json["errors"])) == (422, {"follows_id"})
    of_another = inspect(office="SATPOLPP", open_it=False).file(follows_id=opened.ident, **PLACE)
    assert set(of_another.json["errors"]) == {"follows_id"}


def test_what_has_ended_is_not_planned_cancelled_or_concluded_again(opened: Any) -> None:
    assert opened.post("cancellation", {"reason_code": "bored"}).status_code == 422
    assert opened.post("cancellation", {"reason_code": "filed-twice"}).json["status"] == "cancelled"
    assert opened.post("cancellation", {"reason_code": "other"}).json["reason_code"] == "filed-twice", "twice is once"
    assert opened.schedule().json["type"] == "/problems/inspection-ended"
    assert opened.conclude().json["type"] == "/problems/inspection-not-scheduled"


def test_the_list_is_the_office_s_by_state_newest_first(inspect: Any, desk: Any) -> None:
    first, second = (inspect(office="PERKIMCIKATARU", **PLACE) for _ in range(2))
    inspect(office="SATPOLPP", **PLACE)
    first.schedule()

    def listed(query: str = "", who: Any = None) -> list[str]:
        return [one["id"] for one in desk.client.get(f"/v1/inspections{query}", headers=who or first.headers).json["items"]]

    assert listed() == [second.ident, first.ident]
    assert listed("?status=scheduled") == [first.ident]
    assert len(listed(who=desk.as_("ester", "auditor"))) == 3


def test_its_clock_tells_at_half_all_and_one_and_a_half_of_the_time_and_stands_at_the_end(
    opened: Any, clock: Any, run_due: Any, told: Any
) -> None:
    clock.set(datetime(2026, 12, 3, 3, tzinfo=UTC))
    run_due()
    clock.set(datetime(2026, 12, 14, 3, tzinfo=UTC))
    run_due()
    assert [event["data"]["percent"] for event in told("licensing.inspection.escalated.v1")] == [50, 100]
    opened.post("cancellation", {"reason_code": "other"})
    clock.set(datetime(2027, 1, 20, 3, tzinfo=UTC))
    run_due()
    assert len(told("licensing.inspection.escalated.v1")) == 2


def test_a_day_in_which_the_suite_was_down_is_given_back(opened: Any, clock: Any, run_due: Any, session: Session) -> None:
    kept = Outage(began=MONDAY.replace(day=24), ended=MONDAY.replace(day=25))
    session.add(kept)
    session.flush()
    due.schedule(session, ENDED, str(kept.position), kept.began)
    session.commit()
    clock.set(MONDAY.replace(day=25, hour=4))
    run_due()
    assert (opened.show().json["due_on"], opened.show().json["lost"]) == ("2026-12-14", 24 * 60)


def test_the_terms_are_shown_in_both_languages_with_their_legal_basis(desk: Any) -> None:
    shown = {language: desk.client.get("/v1/inspections/terms", headers={"Accept-Language": language}).json for language in ("id", "en")}
    assert [line["label"] for line in shown["id"]["outcomes"]][2] == "Dibangun tanpa izin"
    assert [line["label"] for line in shown["en"]["outcomes"]][2] == "Built without a permit"
    assert all(line["legal_basis"] for line in shown["en"]["measures"])
    codes = {line["code"] for line in shown["en"]["measures"]}
    assert {code for outcome in shown["en"]["outcomes"] for code in outcome["measures"]} == codes


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("status = 'scheduled'", "ck_inspection_planned"),
        ("status = 'concluded'", "ck_inspection_ended"),
        ("status = 'cancelled'", "ck_inspection_ended"),
        ("site_address = NULL", "ck_inspection_placed"),
        ("day = '2026-12-01', inspector_sub = 'x', status = 'concluded', outcome_code = 'no-violation', since = NULL, due_on = NULL, ended_by = 'x'", "one_of_the_ways"),
    ],
)  # fmt: skip
def test_the_database_refuses_what_no_inspection_may_be(opened: Any, session: Session, statement: str, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error:
        session.execute(sa.text(f"UPDATE inspection SET {statement}"))
    assert error.value.orig.diag.constraint_name == constraint  # type: ignore[union-attr]
