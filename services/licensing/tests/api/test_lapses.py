"""An application whose applicant does nothing lapses, after a reminder; whoever does something has the whole time again."""

from datetime import UTC, datetime
from typing import Any

import pytest

REMINDED, LAPSED = "licensing.application.reminded.v1", "licensing.application.lapsed.v1"


def at(day: int, month: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 3, tzinfo=UTC)


@pytest.fixture
def returned(desk: Any, clock: Any) -> str:
    """Given back on 2 March 2026; the type's file gives 90 days, and reminds 14 days before."""
    clock.set(at(2, 3))
    ident = str(desk.brought_to("submission"))
    assert desk.step(ident, "returns").status_code == 200
    return ident


def test_the_applicant_sees_until_when_they_must_act(desk: Any, returned: str) -> None:
    assert desk.show(returned)["lapses_on"] == "2026-05-31"
    (case,) = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    assert case["deadline"].startswith("2026-05-31T16:59:59")
    assert desk.step(returned, "submission").status_code == 200
    assert desk.show(returned)["lapses_on"] is None


def test_reminded_once_and_lapsed_after_the_last_day(desk: Any, clock: Any, run_due: Any, told: Any, returned: str) -> None:
    for day, month, reminded in ((17, 5, 0), (18, 5, 1), (30, 5, 1), (31, 5, 1)):
        clock.set(at(day, month))
        run_due()
        assert (len(told(REMINDED)), desk.show(returned)["status"]) == (reminded, "returned")
    assert told(REMINDED)[0]["data"]["lapses_on"] == "2026-05-31"
    clock.set(at(1, 6))
    run_due()
    shown = desk.show(returned)
    assert (shown["status"], shown["lapses_on"], shown["history"][-1]["reason_code"]) == ("lapsed", None, "not-repaired")
    (event,) = told(LAPSED)
    assert (event["subject"], event["data"]["reason_code"]) == (returned, "not-repaired")
    assert desk.step(returned, "submission").json["type"] == "/problems/application-not-submittable"


@pytest.mark.parametrize("what", ["change", "upload"])
def test_whoever_does_something_has_the_whole_time_again(desk: Any, clock: Any, run_due: Any, told: Any, returned: str, what: str) -> None:
    clock.set(at(20, 5))
    run_due()
    if what == "upload":
        assert desk.upload(returned, "site_photo").status_code == 201
    else:
        body = {"site_address": "Jalan Sisingamangaraja 42"}
        assert desk.client.patch(f"/v1/permit-applications/{returned}", json=body, headers=desk.citizen()).status_code == 200
    assert desk.show(returned)["lapses_on"] == "2026-08-18"
    clock.set(at(5, 8))
    run_due()
    assert (len(told(REMINDED)), desk.show(returned)["status"]) == (2, "returned")


def test_an_unpaid_one_lapses_and_money_that_comes_later_is_told_back(
    desk: Any, clock: Any, run_due: Any, told: Any, hear: Any, paid: Any
) -> None:
    clock.set(at(2, 3))
    ident = desk.brought_to("assessment")
    assert desk.show(ident)["lapses_on"] == "2026-08-29"
    clock.set(at(30, 8))
    run_due()
    assert (desk.show(ident)["status"], told(LAPSED)[0]["data"]["reason_code"]) == ("lapsed", "not-paid")
    hear("finance-sts.bill.paid.v1", paid(ident))
    (back,) = told("licensing.payment.not_usable.v1")
    assert (back["data"]["amount"], back["data"]["reason_code"]) == (346680, "application-lapsed")


def test_a_paid_one_does_not_lapse(desk: Any, clock: Any, run_due: Any, told: Any, hear: Any, paid: Any) -> None:
    clock.set(at(2, 3))
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    clock.set(at(2, 3, 2027))
    run_due()
    assert (desk.show(ident)["status"], told(REMINDED), told(LAPSED)) == ("issued", [], [])
