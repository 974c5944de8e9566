"""A death is reported, checked, registered, signed and certified; each kind of proof has its path."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civil_registry.model.death_record import DeathRecord
from civil_registry.use_cases.chains import BIRTHS, DEATHS, first_broken
from smartcity.testing.pages import my_cases

PLACE = "/v1/death-registrations"
OFFICE = ("submission", "verification", "registration", "signature")
UNKNOWN = {"deceased": {"name": None, "nik": None, "born_on": None}, "family_card_no": None}


def shown(desk: Any, ident: str) -> dict[str, Any]:
    return dict(desk.client.get(f"{PLACE}/{ident}", headers=desk.citizen()).json)


def test_a_death_is_certified_and_told(desk: Any, told: Any, session: Session) -> None:
    ident = desk.dead()
    assert desk.death_step(ident, *OFFICE).json["status"] == "issued"
    seen = shown(desk, ident)
    assert (seen["record_no"], seen["late"], seen["days_after_death"]) == ("1271-KM-12022026-0001", False, 4)
    assert seen["deceased"]["name"] == "Tiur Pasaribu"
    assert [line["status"] for line in seen["history"]] == ["draft", "submitted", "in_check", "registered", "signed", "issued"]
    paper = desk.client.get(f"/v1/certificates/{seen['record_no']}/document", headers=desk.citizen())
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    entry = desk.client.get(f"/v1/civil-records/{seen['record_no']}?purpose=registration", headers=desk.staff("registration")).json
    assert (entry["event"], entry["unchanged"], entry["content"]["deceased"]["nik"]) == ("death", True, "1271014203400005")
    assert told("civil-registry.death.registered.v1")[0]["data"] == {
        "registration_id": ident, "kelurahan_code": "12.71.01.1001", "registered_on": "2026-02-12", "kind": "in_time",
    }  # fmt: skip
    (issued,) = told("civil-registry.certificate.issued.v1")
    assert issued["data"]["kind"] == "death"
    answer = desk.client.get(f"/v1/verify/{issued['data']['verify_code']}").json
    assert answer["standing"] == "valid" and "Pasaribu" not in str(answer)
    assert desk.death_step(ident, "collection").json["status"] == "collected"
    assert (first_broken(session, DEATHS), first_broken(session, BIRTHS)) == (None, None)


@pytest.mark.parametrize(("path", "paper", "other"), [
    ("with_letter", "village_letter", {}), ("with_letter", "captain_letter", {}), ("with_letter", "police_letter", {}),
    ("without_letter", "sptjm_death", {}), ("missing_body", "court_ruling", {}), ("unknown_identity", "police_statement", UNKNOWN),
])  # fmt: skip
def test_every_kind_of_proof_ends_with_a_certificate(desk: Any, pdf: bytes, path: str, paper: str, other: dict[str, Any]) -> None:
    more = ("family_card", "identity_card") if path.endswith("_letter") else ()
    ident = desk.dead(path, more, **other)
    refused = desk.death_step(ident, "submission")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/documents-missing")
    form = {"kind": paper, "file": (io.BytesIO(pdf), "surat.pdf", "application/pdf")}
    assert desk.client.post(f"{PLACE}/{ident}/documents", data=form, headers=desk.citizen()).status_code == 201
    number = desk.death_step(ident, *OFFICE).json["record_no"]
    assert desk.client.get(f"/v1/certificates/{number}/document", headers=desk.citizen()).status_code == 200


@pytest.mark.parametrize(("died_on", "late"), [("2026-01-13", False), ("2026-01-12", True)])
def test_day_thirty_is_in_time_and_a_later_report_is_registered_as_late(desk: Any, told: Any, died_on: str, late: bool) -> None:
    ident = desk.dead(deceased={"died_on": died_on})
    answer = desk.death_step(ident, *OFFICE).json
    assert (answer["status"], answer["late"], answer["days_after_death"]) == ("issued", late, 31 if late else 30)
    assert told("civil-registry.death.registered.v1")[0]["data"]["kind"] == ("late" if late else "in_time")


def test_given_back_mended_and_handed_in_again(desk: Any) -> None:
    ident = desk.dead()
    assert desk.death_step(ident, "submission", "returns").json["status"] == "returned"
    mended = desk.client.patch(f"{PLACE}/{ident}", json={"deceased": {"name": "Tiurma Pasaribu"}}, headers=desk.citizen())
    assert (mended.json["deceased"]["name"], mended.json["deceased"]["nik"]) == ("Tiurma Pasaribu", "1271014203400005")
    number = shown(desk, ident)["number"]
    assert desk.death_step(ident, *OFFICE).json["number"] == number


def test_verifier_registrar_and_signer_are_different_people_and_none_is_the_reporter(desk: Any) -> None:
    ident = desk.dead()
    desk.death_step(ident, "submission")
    own = desk.as_("budi", "citizen", "officer", office="DISDUKCAPIL")
    assert desk.death_step(ident, "verification", headers=own).json["type"] == "/problems/own-case"
    both = desk.as_("dewi", "officer", "registrar", office="DISDUKCAPIL")
    desk.death_step(ident, "verification")
    assert desk.death_step(ident, "registration", headers=both).json["type"] == "/problems/another-person-must"


def test_a_person_dies_once(desk: Any) -> None:
    first, second = desk.dead(), desk.dead()
    assert desk.death_step(first, "submission").status_code == 200
    assert desk.death_step(second, "submission").json["type"] == "/problems/death-already-filed"


@pytest.mark.parametrize(("path", "other", "field"), [
    ("with_letter", {"deceased": {"died_on": "2026-02-13"}}, "deceased"),
    ("with_letter", {"deceased": {"died_on": "1940-03-01"}}, "deceased"),
    ("with_letter", {"deceased": {"nik": None}}, "deceased"),
    ("with_letter", {"deceased": {"nik": "12"}}, "deceased"),
    ("with_letter", {"deceased": {"nik": "1271010503880002"}}, "reporter"),
    ("with_letter", {"kelurahan_code": "31.71.01.1001"}, "kelurahan_code"),
    ("unknown_identity", {"family_card_no": None}, "deceased"),
    ("with_letter", {"witnesses": []}, "witnesses"),
    ("by_hearsay", {}, "path"),
])  # fmt: skip
def test_what_cannot_be_is_refused(desk: Any, death: Any, path: str, other: dict[str, Any], field: str) -> None:
    answer = desk.client.post(PLACE, json={**death(**other), "path": path}, headers={**desk.citizen(), **desk.key()})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


def test_a_death_is_shown_only_to_whom_it_must(desk: Any) -> None:
    ident = desk.dead()
    desk.death_step(ident, "submission")
    assert desk.client.get(f"{PLACE}/{ident}", headers=desk.citizen("siti")).status_code == 404
    assert set(desk.client.get(f"{PLACE}/{ident}", headers=desk.staff("verification")).json["errors"]) == {"purpose"}
    assert "Pasaribu" not in desk.client.get(f"{PLACE}/{ident}", headers=desk.as_("auditor", "auditor")).text
    masked = desk.client.get(f"{PLACE}/{ident}?purpose=signature", headers=desk.staff("signature")).json
    assert masked["deceased"]["nik"] == "127101******0005"
    (waits,) = desk.client.get("/v1/work-queues/civil-registry/deaths", headers=desk.staff("verification")).json["items"]
    assert (waits["id"], waits["waits_for"]) == (ident, "verification")
    (case,) = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    assert (case["kind"], case["status"]) == ("death_registration", "submitted")
    assert len(desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]) == 1


def test_births_and_deaths_are_one_list_of_cases_page_by_page(desk: Any) -> None:
    filed = [desk.open(), desk.dead(), desk.open(child={"name": "Nur Aminah Siregar"})]
    assert my_cases(desk.client, desk.citizen()) == list(reversed(filed))


@pytest.mark.parametrize("table", ["death_record", "death_history"])
def test_the_database_refuses_to_change_the_register_of_deaths(desk: Any, session: Session, table: str) -> None:
    desk.death_step(desk.dead(), *OFFICE)
    assert session.scalars(sa.select(DeathRecord.position)).all() == [1]
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(sa.text(f"DELETE FROM {table}"))
    session.rollback()
