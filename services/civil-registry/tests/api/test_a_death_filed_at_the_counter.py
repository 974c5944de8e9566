"""An officer files a death for who reports it; the reporter owns it by the code, and who filed decides nothing."""

import io
from typing import Any

import pytest

DEATHS = "/v1/death-registrations"
NIK = "1271010503880002"
PAPERS = ("doctor_letter", "family_card", "identity_card")
NUMBER = "1271-KM-12022026-0001"


def officer(desk: Any, name: str = "dewi") -> dict[str, str]:
    return dict(desk.as_(name, "officer", office="DISDUKCAPIL"))


def etag(desk: Any, ident: str) -> dict[str, str]:
    return {"If-Match": desk.client.get(f"{DEATHS}/{ident}", headers=desk.as_("auditor", "auditor")).headers["ETag"]}


def upload(desk: Any, ident: str, kind: str, pdf: bytes, who: dict[str, str]) -> Any:
    form = {"kind": kind, "file": (io.BytesIO(pdf), "surat.pdf", "application/pdf")}
    return desk.client.post(f"{DEATHS}/{ident}/documents", data=form, headers={**who, **etag(desk, ident)})


@pytest.fixture
def filed(desk: Any, pdf: bytes) -> tuple[str, str]:
    """Filed by dewi for a child of the deceased, with papers: its id and claim code."""
    answer = desk.client.post(DEATHS, json=desk.death(on_behalf=True), headers={**officer(desk), **desk.key()})
    assert answer.status_code == 201, answer.json
    for kind in PAPERS:
        assert upload(desk, answer.json["id"], kind, pdf, officer(desk)).status_code == 201
    return answer.json["id"], answer.json["claim_code"]


def claim(desk: Any, code: str, who: str = "budi", nik: str = NIK) -> Any:
    return desk.client.post(f"{DEATHS}/claims", json={"code": code, "nik": nik}, headers=desk.citizen(who))


def test_an_officer_files_and_who_reports_ends_with_the_certificate(desk: Any, filed: tuple[str, str]) -> None:
    ident, code = filed
    assert desk.death_step(ident, "submission", headers=officer(desk)).json["status"] == "submitted"
    assert desk.death_step(ident, "verification", headers=officer(desk, "rahmat")).status_code == 200
    assert desk.death_step(ident, "registration", "signature").json["status"] == "issued"
    paper = f"/v1/certificates/{NUMBER}/document"
    assert desk.client.get(paper, headers=desk.citizen()).status_code == 404
    assert claim(desk, code.lower()).json["status"] == "issued"
    shown = desk.client.get(f"{DEATHS}/{ident}", headers=desk.citizen()).json
    assert (shown["on_behalf"], shown["claim_code"]) == (True, None)
    assert desk.client.get(paper, headers=desk.citizen()).status_code == 200
    assert [case["id"] for case in desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]] == [ident]


def test_who_filed_it_takes_no_step_of_the_office_nor_does_their_deputy(desk: Any, filed: tuple[str, str], issuer: Any) -> None:
    ident, _ = filed
    assert desk.death_step(ident, "submission", headers=officer(desk)).status_code == 200
    deputy = {"Authorization": f"Bearer {issuer.token('rahmat', 'officer', office='DISDUKCAPIL', acting_for=['dewi'])}"}
    for who in (officer(desk), deputy):
        answer = desk.death_step(ident, "verification", headers=who)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/own-case")


def test_a_colleague_mends_nothing_of_it_and_nobody_else_s_report_is_mended(desk: Any, filed: tuple[str, str], pdf: bytes) -> None:
    ident, _ = filed
    change = {"kelurahan_code": "12.71.01.1002"}
    place = f"{DEATHS}/{ident}"
    assert desk.client.patch(place, json=change, headers={**officer(desk), **etag(desk, ident)}).status_code == 200
    colleague = officer(desk, "rahmat")
    assert desk.client.patch(place, json=change, headers={**colleague, **etag(desk, ident)}).status_code == 403
    assert upload(desk, ident, PAPERS[0], pdf, colleague).status_code == 403
    assert desk.death_step(ident, "submission", headers=colleague).status_code == 403
    own = desk.dead()
    assert desk.client.patch(f"{DEATHS}/{own}", json=change, headers={**officer(desk), **etag(desk, own)}).status_code == 403


@pytest.mark.parametrize(("roles", "office", "behalf", "status"), [
    (("officer",), "DISDUKCAPIL", False, 403), (("citizen",), None, True, 403), (("officer",), "DPMPTSP", True, 403),
    (("citizen", "officer"), "DISDUKCAPIL", False, 201), (("registrar",), "DISDUKCAPIL", True, 403),
])  # fmt: skip
def test_who_files_for_whom(desk: Any, roles: tuple[str, ...], office: str | None, behalf: bool, status: int) -> None:
    headers = {**desk.as_("x", *roles, office=office), **desk.key()}
    assert desk.client.post(DEATHS, json=desk.death(on_behalf=behalf), headers=headers).status_code == status


def test_a_claim_needs_the_code_and_the_reporter_s_nik_and_comes_once(desk: Any, filed: tuple[str, str]) -> None:
    ident, code = filed
    wrong = [claim(desk, code, nik="1271014101800003"), claim(desk, "AAAAAAAAAAAA"), claim(desk, "")]
    assert [answer.status_code for answer in wrong] == [404, 404, 422]
    assert desk.client.get(f"{DEATHS}/{ident}", headers=desk.citizen()).status_code == 404
    assert [claim(desk, code).status_code for _ in range(2)] == [200, 200]
    assert claim(desk, code, "orang-lain").status_code == 404


def test_who_looked_before_it_was_claimed_is_shown_afterwards(desk: Any, filed: tuple[str, str]) -> None:
    ident, code = filed
    looked = f"{DEATHS}/{ident}?purpose=court_request"
    assert desk.client.get(looked, headers=desk.staff("registration")).status_code == 200
    assert claim(desk, code).status_code == 200
    rows = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert ("death_registration", "court_request") in {(row["record_kind"], row["purpose"]) for row in rows}
