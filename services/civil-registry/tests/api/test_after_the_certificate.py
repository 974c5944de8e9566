"""What stands is corrected, cancelled or copied by two people; the entry never changes, and an earlier paper says that it no longer holds."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.use_cases.chains import BIRTHS, NOTES, first_broken

NAME = {"child": {"name": "Nur Aisyah Lubis"}}


def issued(desk: Any, **other: Any) -> tuple[str, str]:
    """Registration and number of a certificate in a parent's hands."""
    ident = desk.brought_to("signature", **other)
    return ident, str(desk.show(ident)["record_no"])


def paper_of(desk: Any, number: str) -> Any:
    return desk.client.get(f"/v1/certificates/{number}/document", headers=desk.citizen())


def standing(desk: Any, event: dict[str, Any]) -> str:
    return str(desk.client.get(f"/v1/verify/{event['data']['verify_code']}").json["standing"])


def record(desk: Any, number: str) -> dict[str, Any]:
    return dict(desk.client.get(f"/v1/civil-records/{number}?purpose=correction", headers=desk.staff("registration")).json)


def test_a_correction_is_noted_in_the_margin_and_replaces_the_certificate(desk: Any, told: Any, session: Session) -> None:
    ident, number = issued(desk)
    first, before = paper_of(desk, number).data, record(desk, number)
    proposed = desk.correct(number, NAME)
    assert (proposed.status_code, proposed.json["status"]) == (201, "proposed")
    assert record(desk, number)["marginal_notes"] == []
    assert desk.sign_act(number, proposed.json["id"]).json["status"] == "signed"
    after = record(desk, number)
    assert (after["content"], after["hash"], after["unchanged"]) == (before["content"], before["hash"], True)
    (note,) = after["marginal_notes"]
    assert (note["kind"], note["content"]["changes"], note["content"]["record_hash"]) == ("correction", NAME, before["hash"])
    old, new = told("civil-registry.certificate.issued.v1")
    assert (standing(desk, old), standing(desk, new)) == ("superseded", "valid")
    assert paper_of(desk, number).data != first
    assert told("civil-registry.birth.corrected.v1")[0]["data"] == {
        "registration_id": ident, "kelurahan_code": "12.71.01.1001", "corrected_on": "2026-02-12",
    }  # fmt: skip
    shown = desk.show(ident)
    assert (shown["status"], shown["certificate_id"]) == ("issued", new["data"]["certificate_id"])
    assert (first_broken(session, BIRTHS), first_broken(session, NOTES)) == (None, None)


def test_what_the_new_certificate_prints_is_the_entry_with_its_corrections(desk: Any, session: Session) -> None:
    from civil_registry.use_cases.birth_certificate import content
    from civil_registry.use_cases.certificates import by_number

    _, number = issued(desk)
    for changes in (NAME, {"child": {"born_on": "2026-02-04"}, "father": {"name": "Budiman Siregar"}}):
        assert desk.sign_act(number, desk.correct(number, changes).json["id"]).status_code == 200
    printed = content(session, by_number(session, number).id)
    assert (printed["child"], printed["born_on"], printed["father"]) == ("Nur Aisyah Lubis", "4 Februari 2026", "Budiman Siregar")
    assert printed["edition"] == "Kutipan ketiga" and len(printed["margin"]) == 2
    assert session.scalars(sa.select(BirthRecord)).one().says["child"]["name"] == "Nur Aisyah Siregar"


def test_a_lost_certificate_is_replaced_by_a_second_copy(desk: Any, told: Any) -> None:
    ident, number = issued(desk)
    assert desk.step(ident, "collection").json["status"] == "collected"
    asked = desk.copy(number, "damaged")
    queue = desk.client.get("/v1/work-queues/civil-registry/acts", headers=desk.staff("signature")).json["items"]
    assert [(act["id"], act["kind"]) for act in queue] == [(asked.json["id"], "copy")]
    assert desk.sign_act(number, asked.json["id"]).status_code == 200
    old, new = told("civil-registry.certificate.issued.v1")
    assert (standing(desk, old), standing(desk, new)) == ("superseded", "valid")
    assert paper_of(desk, number).status_code == 200
    assert told("civil-registry.birth.corrected.v1") == []
    assert [line["status"] for line in desk.show(ident)["history"]][-3:] == ["collected", "signed", "issued"]
    assert desk.step(ident, "collection").json["status"] == "collected"


def test_a_court_s_ruling_cancels_the_entry_and_its_certificate_and_the_child_may_be_reported_anew(desk: Any, told: Any) -> None:
    ident, number = issued(desk)
    proposed = desk.cancel(number)
    assert proposed.status_code == 201, proposed.json
    place = f"/v1/civil-records/{number}/acts/{proposed.json['id']}"
    seen = desk.client.get(f"{place}?purpose=court_request", headers=desk.staff("signature")).json
    assert seen["content"] == {"court": "Pengadilan Negeri Medan", "ruling_no": "123/Pdt.P/2026/PN Mdn", "ruled_on": "2026-02-10"}
    assert desk.client.get(f"{place}/paper?purpose=court_request", headers=desk.staff("signature")).status_code == 200
    assert desk.sign_act(number, proposed.json["id"]).status_code == 200
    assert standing(desk, told("civil-registry.certificate.issued.v1")[0]) == "cancelled"
    refused = paper_of(desk, number)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/certificate-cancelled")
    assert told("civil-registry.birth.cancelled.v1")[0]["data"]["cancelled_on"] == "2026-02-12"
    assert desk.show(ident)["status"] == "cancelled"
    assert desk.copy(number).json["type"] == "/problems/registration-not-amendable"
    assert desk.brought_to("submission")


def test_a_cancellation_without_the_ruling_s_paper_or_of_a_ruling_to_come_is_refused(desk: Any) -> None:
    _, number = issued(desk)
    assert set(desk.cancel(number, file=b"not a paper").json["errors"]) == {"file"}
    assert set(desk.cancel(number, ruled_on="2026-02-13").json["errors"]) == {"ruled_on"}
    assert record(desk, number)["marginal_notes"] == []


def test_who_proposed_does_not_sign(desk: Any) -> None:
    _, number = issued(desk)
    both = desk.as_("togar", "registrar", "signer", office="DISDUKCAPIL")
    act = desk.correct(number, NAME, both).json["id"]
    answer = desk.sign_act(number, act, both)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/act-needs-another-person")
    own = desk.as_("budi", "citizen", "signer", office="DISDUKCAPIL")
    assert desk.sign_act(number, act, own).json["type"] == "/problems/own-case"
    assert desk.sign_act(number, act).status_code == 200
    assert desk.sign_act(number, act).json["type"] == "/problems/act-already-decided"


@pytest.mark.parametrize("how", ["signature", "refusal"])
def test_the_deputy_of_who_proposed_does_not_decide_nor_whose_deputy_did_nor_another_deputy_of_theirs(
    desk: Any, issuer: Any, how: str
) -> None:
    def acting(sub: str, role: str, *named: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {issuer.token(sub, role, office='DISDUKCAPIL', acting_for=list(named))}"}

    _, number = issued(desk)
    said = {"reasons": ["Nama sesuai surat lahir."]} if how == "refusal" else None
    act = desk.correct(number, NAME, acting("wakil", "registrar", "togar")).json["id"]
    for who in (
        acting("togar", "signer"),
        acting("wakil", "signer"),
        acting("rahmat", "signer", "togar"),
        acting("rahmat", "signer", "wakil"),
    ):
        refused = desk.sign_act(number, act, who, how, said)
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/act-needs-another-person")
    assert desk.sign_act(number, act, acting("rahmat", "signer", "dewi"), how, said).status_code == 200


def test_whose_entry_it_is_neither_proposes_nor_decides_about_it_nor_does_their_deputy(desk: Any, issuer: Any) -> None:
    _, number = issued(desk)
    roles = ("registrar", "signer")
    own, deputy = (
        {"Authorization": f"Bearer {issuer.token(sub, *roles, office='DISDUKCAPIL', acting_for=named)}"}
        for sub, named in (("budi", []), ("wakil", ["budi"]))
    )
    for who in (own, deputy):
        assert desk.correct(number, NAME, who).json["type"] == "/problems/own-case"
        assert desk.cancel(number, headers=who).json["type"] == "/problems/own-case"
    act = desk.copy(number).json["id"]
    said = {"reasons": ["Kutipan masih ada."]}
    for who in (own, deputy):
        assert desk.sign_act(number, act, who).json["type"] == "/problems/own-case"
        assert desk.sign_act(number, act, who, "refusal", said).json["type"] == "/problems/own-case"
    assert desk.sign_act(number, act).status_code == 200


def test_a_refused_proposal_changes_nothing_and_says_why(desk: Any, told: Any) -> None:
    _, number = issued(desk)
    act = desk.correct(number, NAME).json["id"]
    assert desk.copy(number).json["type"] == "/problems/act-pending"
    refused = desk.sign_act(number, act, how="refusal", body={"reasons": ["Nama sesuai surat lahir."]})
    assert refused.json["status"] == "refused"
    shown = desk.client.get(f"/v1/civil-records/{number}/acts/{act}?purpose=correction", headers=desk.staff("registration")).json
    assert shown["reasons"] == ["Nama sesuai surat lahir."]
    assert (record(desk, number)["marginal_notes"], len(told("civil-registry.certificate.issued.v1"))) == ([], 1)
    assert desk.copy(number).status_code == 201


@pytest.mark.parametrize(("changes", "errors"), [
    ({"child": {"name": "Nur Aisyah Siregar"}}, {"changes": ["correction-of-nothing"]}),
    ({}, {"changes": ["correction-of-nothing"]}),
    ({"child": {"born_on": "2027-01-01"}}, {"child": {"born_on": ["birth-in-the-future"]}}),
    ({"mother": {"born_on": "2020-01-01"}}, {"mother": {"born_on": ["mother-too-young"]}}),
    ({"father": {"nik": "1271014502900001"}}, {"father": {"nik": ["parents-are-one"]}}),
])  # fmt: skip
def test_what_is_no_correction_is_refused(desk: Any, changes: dict[str, Any], errors: dict[str, Any]) -> None:
    _, number = issued(desk)
    answer = desk.correct(number, changes)
    assert answer.status_code == 422
    for part, said in errors.items():
        found = answer.json["errors"][part]
        assert set(found) == set(said) if isinstance(said, dict) else len(found) == 1


def test_a_parent_is_not_added_by_a_correction(desk: Any) -> None:
    _, number = issued(desk, path="mother_only", father=None)
    assert set(desk.correct(number, {"father": {"name": "Budi Siregar"}}).json["errors"]) == {"father"}


def test_nothing_is_corrected_before_the_certificate_is_issued(desk: Any) -> None:
    ident = desk.brought_to("registration")
    assert desk.correct(desk.show(ident)["record_no"], NAME).json["type"] == "/problems/registration-not-amendable"


def test_an_act_names_nobody_to_whom_it_need_not(desk: Any) -> None:
    _, number = issued(desk)
    act = desk.correct(number, NAME).json["id"]
    place = f"/v1/civil-records/{number}/acts"
    assert "Lubis" not in desk.client.get(f"{place}/{act}", headers=desk.as_("auditor", "auditor")).text
    assert "Lubis" not in desk.client.get(place, headers=desk.staff("signature")).text
    assert set(desk.client.get(f"{place}/{act}", headers=desk.staff("signature")).json["errors"]) == {"purpose"}
    assert desk.client.get(f"{place}/{act}", headers=desk.citizen("siti")).status_code == 404
    assert desk.correct(number, NAME, desk.staff("verification")).status_code == 403
