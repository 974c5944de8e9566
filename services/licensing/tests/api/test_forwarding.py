"""A permit is told to the national system when that can hear it; the city never waits for it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from licensing.model.permit_forwarding import NationalSystem
from licensing.use_cases import national_systems
from licensing.use_cases.national_systems import Answer, SystemAway
from smartcity import clock as city_clock

NIB = "8120001234567"
SHOP = {"nib": NIB}


def test_after_an_outage_a_permit_is_acknowledged_once(a_shop: Any, share: Any, clock: Any, run_due: Any, standing: Any, told: Any) -> None:
    permit = a_shop(**SHOP)
    assert permit["status"] == "active", "issued, whatever OSS does"
    run_due()
    away = standing(permit)
    assert (away["status"], away["system"], away["attempts"], away["last_reason"]) == ("not_forwarded", "OSS", 1, "inbox-missing")
    share.mount()
    clock.advance(minutes=1)
    run_due()
    assert standing(permit)["status"] == "forwarded"
    share.bring(permit, status="acknowledged", reference="OSS-77")
    for _ in range(3):
        clock.advance(minutes=10)
        assert "failed" not in run_due()
    done = standing(permit)
    assert (done["status"], done["reference"], done["attempts"]) == ("acknowledged", "OSS-77", 2)
    assert [step["status"] for step in done["steps"]] == ["forwarded", "acknowledged"]
    assert len(share.fetched()) == 1 and len(told("licensing.permit.issued.v1")) == 1


def test_with_nobody_named_it_waits_and_says_so(a_shop: Any, app: Any, run_due: Any, standing: Any) -> None:
    permit = a_shop(**SHOP)
    assert "failed" not in run_due()
    assert (standing(permit)["status"], standing(permit)["last_reason"]) == ("not_forwarded", "not-configured")


def test_a_system_that_is_away_is_left_alone_and_a_second_permit_does_not_try_it(
    a_shop: Any, share: Any, run_due: Any, standing: Any, clock: Any, session: Session
) -> None:
    first = a_shop(**SHOP)
    run_due()
    second = a_shop(**SHOP)
    run_due()
    assert (standing(first)["attempts"], standing(second)["attempts"]) == (1, 0)
    for _ in range(4):
        clock.advance(hours=1)
        run_due()
    state = session.get_one(NationalSystem, "OSS")
    assert state.failures == 5 and state.away_since is not None and state.rests_until is not None
    assert state.rests_until < city_clock.now() + timedelta(minutes=16)
    share.mount()
    clock.advance(hours=2)
    run_due()
    assert {standing(first)["status"], standing(second)["status"]} == {"forwarded"}
    session.expire_all()
    assert session.get_one(NationalSystem, "OSS").failures == 0


def test_oss_being_away_does_not_keep_simbg_waiting(
    a_shop: Any, desk: Any, share: Any, app: Any, run_due: Any, standing: Any, hear: Any, paid: Any, clock: Any
) -> None:
    shop = a_shop(**SHOP)
    run_due()
    share.mount()
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    run_due()
    house = {"id": desk.show(ident)["permit_id"]}
    assert (standing(house)["system"], standing(house)["status"], standing(shop)["status"]) == ("SIMBG", "forwarded", "not_forwarded")


def test_one_permit_a_system_cannot_take_does_not_keep_the_others(
    a_shop: Any, app: Any, run_due: Any, standing: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sent = a_shop(**SHOP), list[str]()

    class Choking:
        def send(self, permit_no: str, content: Any) -> Answer:
            if permit_no == poison["number"]:
                raise SystemAway("status-500")
            sent.append(permit_no)
            return Answer(national_systems.ForwardingStatus.ACKNOWLEDGED)

        def ask(self, permit_no: str) -> Answer | None:
            return None

    monkeypatch.setitem(national_systems._adapters, "OSS", Choking())
    run_due()
    fine = a_shop(**SHOP)
    for _ in range(5):
        clock.advance(minutes=5)
        run_due()
    assert sent == [fine["number"]] and standing(poison)["status"] == "not_forwarded"


def test_killed_after_the_call_and_before_the_commit_it_is_sent_by_the_same_number(
    a_shop: Any, app: Any, run_due: Any, standing: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit, sent = a_shop(**SHOP), list[str]()

    class Known:
        def send(self, permit_no: str, content: Any) -> Answer:
            sent.append(permit_no)
            if len(sent) == 1:
                raise ZeroDivisionError("the process ends here")
            return Answer(national_systems.ForwardingStatus.ACKNOWLEDGED, "OSS-1")

        def ask(self, permit_no: str) -> Answer | None:
            return None

    monkeypatch.setitem(national_systems._adapters, "OSS", Known())
    assert "failed" in run_due()
    assert standing(permit)["status"] == "not_forwarded"
    clock.advance(minutes=1)
    run_due()
    assert sent == [permit["number"]] * 2 and standing(permit)["status"] == "acknowledged"


def test_oss_is_told_the_nib_and_no_name(a_shop: Any, share: Any, run_due: Any) -> None:
    share.mount()
    permit = a_shop(**SHOP)
    run_due()
    (written,) = share.fetched()
    told = json.loads(written)
    assert (told["permit_no"], told["nib"], told["status"]) == (permit["number"], NIB, "active")
    assert permit["holder_name"] not in written and permit["holder_address"] not in written


def test_a_citizen_without_a_nib_is_no_business_of_oss(a_shop: Any, share: Any, ask_office: Any) -> None:
    assert ask_office(f"{a_shop()['id']}/forwarding").status_code == 404


def test_nothing_personal_is_in_the_list_or_the_log(a_shop: Any, share: Any, run_due: Any, ask_office: Any, capfd: Any) -> None:
    permit = a_shop(**SHOP)
    run_due()
    written = "".join(capfd.readouterr())
    for secret in (NIB, permit["holder_name"], permit["holder_address"]):
        assert secret not in written and secret not in ask_office("forwarding").text


def test_a_corrected_permit_is_told_too(a_shop: Any, share: Any, head: Any, desk: Any, run_due: Any, standing: Any) -> None:
    share.mount()
    changes = {"reason_code": "written-wrongly", "text": "Nama jalan salah tulis.", "changes": {"site_address": "Jalan Baru 1"}}
    corrected = head.act(a_shop(**SHOP), "correction", changes)
    assert corrected.status_code in (200, 201), corrected.json
    run_due()
    assert standing(corrected.json)["status"] == "forwarded" and len(share.fetched()) == 2
