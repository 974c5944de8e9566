"""Reports that may be of one child are found, explained and decided by a person before anything is registered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.name_sound import NameSound
from civil_registry.use_cases import duplicate_search, name_sounds
from civil_registry.use_cases.registry_data import duplicate_terms
from smartcity import clock as city_clock
from smartcity import due
from smartcity.storage import get

OTHERWISE = {"child": {"name": "Noer Aisjah Siregar", "born_on": "2026-02-06"}}
UNDECIDED = (409, "/problems/duplicates-undecided")


def registers(desk: Any, ident: str) -> Any:
    """The registrar's step, without anybody deciding about duplicates before it."""
    path = f"/v1/birth-registrations/{ident}/registration"
    return desk.client.post(path, headers={**desk.staff("registration"), **desk.etag(ident)})


def sounds(session: Any) -> list[Any]:
    return sorted(tuple(row) for row in session.execute(sa.select(NameSound.registration_id, NameSound.sound, NameSound.born_on)))


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json.get("type", "")


def test_a_name_in_another_spelling_is_found_explained_and_decided(desk: Any, told: Any) -> None:
    first = desk.brought_to("registration")
    second = desk.brought_to("verification", **OTHERWISE)
    (found,) = desk.duplicates(second)
    assert (found["registration_id"], found["record_no"], found["verdict"]) == (first, "1271-LU-12022026-0001", None)
    assert found["points"] == sum(reason["points"] for reason in found["reasons"]) >= duplicate_terms().suspicious
    assert {"same-mother", "name-alike", "days-apart-few"} <= {reason["code"] for reason in found["reasons"]}
    assert (found["child_name"], found["mother_name"]) == ("Nur Aisyah Siregar", "Siti Lubis")
    assert said(registers(desk, second)) == UNDECIDED
    assert len(told("civil-registry.birth.registered.v1")) == 1
    assert desk.decide(second, first).status_code == 200
    assert desk.duplicates(second)[0]["verdict"] == "different"
    assert registers(desk, second).status_code == 200


def test_what_was_found_to_be_the_same_is_not_registered_and_goes_back(desk: Any) -> None:
    first = desk.brought_to("registration")
    second = desk.brought_to("verification", **OTHERWISE)
    assert desk.decide(second, first, "same").status_code == 200
    assert said(registers(desk, second)) == (409, "/problems/child-registered-twice")
    body = {"reason_code": "already-reported", "reasons": ["Anak ini sudah mempunyai akta."]}
    registrar = {**desk.staff("registration"), **desk.etag(second)}
    assert desk.step(second, "returns", body, headers=registrar).json["status"] == "returned"


def test_two_that_wait_see_each_other_and_one_decision_is_for_both(desk: Any) -> None:
    first, second = desk.brought_to("verification"), desk.brought_to("verification", **OTHERWISE)
    assert [said(registers(desk, ident)) for ident in (first, second)] == [UNDECIDED, UNDECIDED]
    assert desk.decide(first, second).status_code == 200
    assert [registers(desk, ident).status_code for ident in (first, second)] == [200, 200]


def test_a_decision_holds_until_a_report_is_handed_in_anew(desk: Any, clock: Any) -> None:
    first, second = desk.brought_to("registration"), desk.brought_to("submission", **OTHERWISE)
    assert desk.decide(second, first).status_code == 200
    clock.advance(hours=1)
    for step in ("returns", "submission", "verification"):
        assert desk.step(second, step).status_code == 200
    assert desk.duplicates(second)[0]["verdict"] is None
    assert said(registers(desk, second)) == UNDECIDED


def test_drafts_and_rejected_reports_are_no_candidates(desk: Any) -> None:
    desk.open(**OTHERWISE)
    late = desk.brought_to("verification", child={"born_on": "2025-06-02", "name": "Noer Aisjah Siregar"})
    rejected = {"decision": "rejected", "reason_code": "birth-not-proven", "reasons": ["Tidak terbukti."]}
    assert desk.step(late, "late-decision", rejected).status_code == 200
    assert desk.duplicates(desk.brought_to("submission", child={"born_on": "2025-06-01"})) == []
    assert desk.duplicates(desk.brought_to("submission")) == []


def test_strangers_of_one_name_and_day_trouble_nobody(desk: Any) -> None:
    desk.brought_to("submission")
    strangers = {
        "mother": {"name": "Rina Tarigan", "nik": "1271014502900009"},
        "father": {"name": "Hendra Sitompul", "nik": "1271010503880009"},
    }
    other = desk.brought_to("verification", **strangers)
    assert desk.duplicates(other) == []
    assert registers(desk, other).status_code == 200


def test_who_filed_it_does_not_decide_and_nobody_outside_the_check(desk: Any) -> None:
    first, second = desk.brought_to("registration"), desk.brought_to("submission", **OTHERWISE)
    own = desk.as_("budi", "citizen", "officer", office="DISDUKCAPIL")
    assert said(desk.decide(second, first, headers=own)) == (409, "/problems/own-case")
    for role in ("signer", "head", "auditor", "citizen"):
        who = desk.as_("x", role, office="DISDUKCAPIL")
        assert desk.decide(second, first, headers=who).status_code in (403, 404)
        asked = f"/v1/birth-registrations/{second}/duplicates?purpose=verification"
        assert desk.client.get(asked, headers=who).status_code in (403, 404)
    unknown = "0190a0a0-0000-7000-8000-000000000000"
    assert desk.decide(second, unknown).status_code == 404
    assert said(desk.decide(first, second)) == (409, "/problems/duplicates-not-compared")


def test_each_parent_sees_that_their_child_was_compared(desk: Any) -> None:
    desk.brought_to("submission")
    second = desk.brought_to("submission", **OTHERWISE)
    asked = f"/v1/birth-registrations/{second}/duplicates"
    assert desk.client.get(asked, headers=desk.staff("verification")).status_code == 422
    desk.duplicates(second)
    rows = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert [row["record_kind"] for row in rows] == ["birth_registration"] * 2
    assert len({row["record_id"] for row in rows}) == 2


def test_at_most_so_many_are_proposed_those_of_the_mother_first(desk: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mothers = desk.brought_to("submission", child={"name": "Putri Ayu", "born_on": "2026-01-05"})
    for turn in range(3):
        desk.brought_to("submission", mother={"nik": f"127101450290001{turn}"})
    mine = get(session, BirthRegistration, desk.brought_to("submission", child={"born_on": "2026-02-07"}))
    assert len(duplicate_search.proposed(session, mine)) == 4
    terms = replace(duplicate_terms(), most=2)
    monkeypatch.setattr(duplicate_search, "duplicate_terms", lambda: terms)
    proposed = duplicate_search.proposed(session, mine)
    assert len(proposed) == 2 and str(proposed[0]) == mothers


def test_those_filed_before_there_were_sounds_get_theirs_by_due_work(
    desk: Any, session: Any, run_due: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = desk.brought_to("submission", mother={"nik": "1271014502900011"})
    desk.brought_to("submission", mother={"nik": "1271014502900012"}, child={"name": "Putri Ayu"})
    kept = sounds(session)
    session.execute(sa.delete(NameSound))
    due.schedule(session, name_sounds.WRITE, "all", city_clock.now() - timedelta(minutes=1))
    session.commit()
    monkeypatch.setattr(name_sounds, "AT_ONCE", 1)
    run_due()
    assert sounds(session) == kept
    assert first in {str(row[0]) for row in kept}
