"""Entries of deaths are corrected, copied and cancelled by two people, as those of births; the entry never changes."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from civil_registry.use_cases import death_register
from civil_registry.use_cases.chains import CHAINS, first_broken
from smartcity import documents

NUMBER = "1271-KM-12022026-0001"
OFFICE = ("submission", "verification", "registration", "signature")
NAME = {"deceased": {"name": "Tiur boru Pasaribu"}}


@pytest.fixture
def certified(desk: Any) -> str:
    """A death whose certificate is with its reporter."""
    ident = desk.dead()
    assert desk.death_step(ident, *OFFICE).json["status"] == "issued"
    return str(ident)


def show(desk: Any, ident: str) -> dict[str, Any]:
    return dict(desk.client.get(f"/v1/death-registrations/{ident}", headers=desk.citizen()).json)


def paper(desk: Any) -> Any:
    return desk.client.get(f"/v1/certificates/{NUMBER}/document", headers=desk.citizen())


def entry(desk: Any) -> dict[str, Any]:
    return dict(desk.client.get(f"/v1/civil-records/{NUMBER}?purpose=correction", headers=desk.staff("registration")).json)


def printed(desk: Any, session: Session, ident: str) -> Any:
    return death_register.content(session, UUID(show(desk, ident)["certificate_id"]))


def standings(desk: Any, told: Any) -> list[str]:
    issued = told("civil-registry.certificate.issued.v1")
    return [desk.client.get(f"/v1/verify/{one['data']['verify_code']}").json["standing"] for one in issued]


def test_a_correction_is_noted_and_the_next_certificate_reads_as_corrected(desk: Any, certified: str, told: Any, session: Session) -> None:
    before, old = entry(desk), paper(desk).data
    proposed = desk.correct(NUMBER, NAME)
    assert (proposed.status_code, proposed.json["record_no"]) == (201, NUMBER)
    assert desk.sign_act(NUMBER, proposed.json["id"]).json["status"] == "signed"
    after = entry(desk)
    assert (after["content"], after["hash"], after["unchanged"]) == (before["content"], before["hash"], True)
    assert [note["kind"] for note in after["marginal_notes"]] == ["correction"]
    said = printed(desk, session, certified)
    assert (said["name"], said["edition"], said["margin"]) == (
        "Tiur boru Pasaribu",
        "Kutipan kedua",
        ["Nama anak seharusnya Nur Aisyah Lubis."],
    )
    assert standings(desk, told) == ["superseded", "valid"]
    new = paper(desk).data
    assert new != old and documents.verify_offline(new, dict([documents.public_key()]), documents.electronic.signer().roots()).signature
    assert {first_broken(session, chain) for chain in CHAINS} == {None}
    assert [line["status"] for line in show(desk, certified)["history"]][-3:] == ["issued", "signed", "issued"]


def test_a_lost_certificate_of_a_death_is_replaced_by_a_copy(desk: Any, certified: str, told: Any) -> None:
    asked = desk.copy(NUMBER, "lost")
    assert desk.copy(NUMBER, "lost").json["type"] == "/problems/act-pending"
    assert desk.sign_act(NUMBER, asked.json["id"]).status_code == 200
    assert standings(desk, told) == ["superseded", "valid"]
    listed = desk.client.get(f"/v1/civil-records/{NUMBER}/acts", headers=desk.citizen()).json["items"]
    assert [(act["kind"], act["status"]) for act in listed] == [("copy", "signed")]


def test_a_death_that_a_court_denies_is_cancelled_and_can_be_reported_anew(desk: Any, certified: str, told: Any) -> None:
    assert desk.death_step(desk.dead(), "submission").json["type"] == "/problems/death-already-filed"
    proposed = desk.cancel(NUMBER)
    assert desk.sign_act(NUMBER, proposed.json["id"]).status_code == 200
    assert (show(desk, certified)["status"], standings(desk, told)) == ("cancelled", ["cancelled"])
    assert paper(desk).json["type"] == "/problems/certificate-cancelled"
    assert desk.copy(NUMBER).json["type"] == "/problems/registration-not-amendable"
    assert desk.death_step(desk.dead(), "submission").json["status"] == "submitted"


def test_who_proposed_does_not_sign(desk: Any, certified: str) -> None:
    proposed = desk.correct(NUMBER, NAME)
    both = desk.as_("togar", "signer", office="DISDUKCAPIL")
    assert desk.sign_act(NUMBER, proposed.json["id"], both).json["type"] == "/problems/act-needs-another-person"


@pytest.mark.parametrize(("changes", "field"), [
    ({"deceased": {"died_on": "2027-01-01"}}, ("deceased", "died_on")), ({"deceased": {"born_on": "2026-02-09"}}, ("deceased", "died_on")),
    ({"deceased": {"name": "Tiur Pasaribu"}}, ("changes",)), ({"mother": {"name": "A"}}, ("mother",)),
])  # fmt: skip
def test_what_cannot_be_is_not_proposed(desk: Any, certified: str, changes: dict[str, Any], field: tuple[str, ...]) -> None:
    """A death to come, one before the birth, a correction of nothing, one of nobody in the entry."""
    refused = desk.correct(NUMBER, changes)
    wrong: Any = refused.json["errors"]
    for name in field:
        assert list(wrong) == [name]
        wrong = wrong[name]
    assert refused.status_code == 422


def test_a_corrected_nik_is_the_one_by_which_a_second_report_is_known(desk: Any, certified: str) -> None:
    other = "1271014203400009"
    act = desk.correct(NUMBER, {"deceased": {"nik": other}})
    assert desk.sign_act(NUMBER, act.json["id"]).status_code == 200
    again = desk.dead(deceased={"nik": other})
    assert desk.death_step(again, "submission").json["type"] == "/problems/death-already-filed"
    assert desk.death_step(desk.dead(), "submission").json["status"] == "submitted"


def test_an_unknown_dead_whose_name_is_found_gets_it_by_a_correction(desk: Any, session: Session) -> None:
    nobody = {"name": None, "nik": None, "born_on": None}
    ident = desk.dead("unknown_identity", ("police_statement",), deceased=nobody, family_card_no=None)
    assert desk.death_step(ident, *OFFICE).json["status"] == "issued"
    assert "tidak jelas identitasnya" in printed(desk, session, ident)["name"]
    act = desk.correct(NUMBER, {"deceased": {"name": "Ramli Nasution", "nik": "1271010503600007"}})
    assert desk.sign_act(NUMBER, act.json["id"]).status_code == 200
    said = printed(desk, session, ident)
    assert (said["name"], said["nik"]) == ("Ramli Nasution", "1271010503600007")
