"""At the counter and by a hospital: somebody else files, the parent owns, and who filed decides nothing."""

import threading
from typing import Any

import pytest

BIRTHS = "/v1/birth-registrations"
MOTHERS_NIK = "1271014502900001"
PAPERS = ("birth_letter", "marriage_certificate", "family_card", "identity_cards")


def officer(desk: Any, name: str = "dewi") -> dict[str, str]:
    return dict(desk.as_(name, "officer", office="DISDUKCAPIL"))


def at_counter(desk: Any, *steps: str, **other: Any) -> tuple[str, str]:
    """Filed by dewi for a parent: its id and claim code; with papers and `steps` done."""
    body = desk.birth(on_behalf=True, **other)
    answer = desk.client.post(BIRTHS, json=body, headers={**officer(desk), **desk.key()})
    assert answer.status_code == 201, answer.json
    ident = str(answer.json["id"])
    for kind in PAPERS if steps else ():
        sent = desk.upload(ident, kind, headers={**officer(desk), **desk.etag(ident)})
        assert sent.status_code == 201, sent.json
    for step in steps:
        who = {"submission": officer(desk), "verification": officer(desk, "rahmat")}.get(step) or desk.staff(step)
        assert desk.step(ident, step, headers={**who, **desk.etag(ident)}).status_code == 200
    return ident, str(answer.json["claim_code"])


def claim(desk: Any, code: str, who: str = "siti", nik: str = MOTHERS_NIK) -> Any:
    return desk.client.post(f"{BIRTHS}/claims", json={"code": code, "nik": nik}, headers=desk.citizen(who))


def test_an_officer_files_and_the_parent_ends_with_the_certificate(desk: Any) -> None:
    ident, code = at_counter(desk, "submission", "verification", "registration", "signature")
    assert claim(desk, code.lower()).json["status"] == "issued"
    shown = desk.show(ident, "siti")
    assert (shown["status"], shown["on_behalf"], shown["claim_code"]) == ("issued", True, None)
    for path in (f"/v1/civil-records/{shown['record_no']}", f"/v1/certificates/{shown['record_no']}/document"):
        assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 200
    assert [case["id"] for case in desk.client.get("/v1/me/cases", headers=desk.citizen("siti")).json["cases"]] == [ident]


def test_what_an_officer_filed_they_do_not_verify_nor_does_their_deputy(desk: Any, issuer: Any) -> None:
    ident, code = at_counter(desk, "submission")
    deputy = {"Authorization": f"Bearer {issuer.token('rahmat', 'officer', office='DISDUKCAPIL', acting_for=['dewi'])}"}
    for who in (officer(desk), deputy):
        answer = desk.step(ident, "verification", headers={**who, **desk.etag(ident)})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/own-case")
    assert claim(desk, code).status_code == 200
    assert desk.step(ident, "verification", headers={**officer(desk), **desk.etag(ident)}).status_code == 409
    assert desk.step(ident, "verification", headers={**officer(desk, "rahmat"), **desk.etag(ident)}).status_code == 200


def test_a_deputy_does_not_take_a_second_step_in_another_s_name(desk: Any, issuer: Any) -> None:
    ident = desk.brought_to("verification")
    deputy = {"Authorization": f"Bearer {issuer.token('x', 'registrar', office='DISDUKCAPIL', acting_for=['dewi'])}"}
    answer = desk.step(ident, "registration", headers={**deputy, **desk.etag(ident)})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/another-person-must")
    assert desk.show(ident)["status"] == "in_check"


def test_a_deputy_of_the_parent_does_not_check_the_parent_s_report(desk: Any, issuer: Any) -> None:
    ident = desk.brought_to("submission")
    deputy = {"Authorization": f"Bearer {issuer.token('x', 'officer', office='DISDUKCAPIL', acting_for=['budi'])}"}
    assert desk.step(ident, "verification", headers={**deputy, **desk.etag(ident)}).json["type"] == "/problems/own-case"


def test_an_officer_mends_only_what_they_filed_and_a_colleague_does_not(desk: Any) -> None:
    ident, _ = at_counter(desk)
    path, change = f"{BIRTHS}/{ident}", {"child": {"weight_g": 3000}}
    assert desk.client.patch(path, json=change, headers={**officer(desk), **desk.etag(ident)}).status_code == 200
    assert desk.client.patch(path, json=change, headers=officer(desk)).status_code == 428
    colleague = {**officer(desk, "rahmat"), **desk.etag(ident)}
    assert desk.client.patch(path, json=change, headers=colleague).status_code == 403
    assert desk.step(ident, "submission", headers=colleague).status_code == 403
    parents = desk.open(child={"name": "Anak Sendiri"})
    answer = desk.client.patch(f"{BIRTHS}/{parents}", json=change, headers={**officer(desk), **desk.etag(parents)})
    assert answer.status_code == 403


@pytest.mark.parametrize(("roles", "office", "behalf", "status"), [
    (("officer",), "DISDUKCAPIL", False, 403), (("citizen",), None, True, 403), (("officer",), "DPMPTSP", True, 403),
    (("citizen", "officer"), "DISDUKCAPIL", False, 201), (("citizen", "officer"), "DPMPTSP", True, 403), (("registrar",), "DISDUKCAPIL", True, 403),
])  # fmt: skip
def test_who_files_for_whom(desk: Any, roles: tuple[str, ...], office: str | None, behalf: bool, status: int) -> None:
    headers = {**desk.as_("x", *roles, office=office), **desk.key()}
    assert desk.client.post(BIRTHS, json=desk.birth(on_behalf=behalf), headers=headers).status_code == status


def test_the_code_is_shown_to_who_filed_it_until_it_is_claimed_and_to_nobody_else(desk: Any) -> None:
    ident, code = at_counter(desk)
    assert desk.look(ident, officer(desk), "counter_service").json["claim_code"] == code
    assert desk.look(ident, officer(desk, "rahmat"), "counter_service").json["claim_code"] is None
    assert claim(desk, code).status_code == 200
    assert desk.look(ident, officer(desk), "counter_service").json["claim_code"] is None


def test_a_claim_needs_the_code_and_the_nik_and_comes_once(desk: Any) -> None:
    ident, code = at_counter(desk)
    wrong = [claim(desk, code, nik="1271014101800003"), claim(desk, "AAAAAAAAAAAA"), claim(desk, "")]
    assert [answer.status_code for answer in wrong] == [404, 404, 422]
    assert desk.look(ident, desk.citizen("siti")).status_code == 404
    assert [claim(desk, code).status_code for _ in range(2)] == [200, 200]
    assert claim(desk, code, "orang-lain").status_code == 404
    assert desk.show(ident, "siti")["mother"]["nik"] == MOTHERS_NIK


def test_twins_are_claimed_together(desk: Any) -> None:
    second = {**desk.birth()["child"], "name": "Nur Aminah Siregar"}
    ident, code = at_counter(desk, siblings=[second])
    assert claim(desk, code).status_code == 200
    (other,) = desk.show(ident, "siti")["siblings"]
    assert desk.show(other, "siti")["child"]["name"] == "Nur Aminah Siregar"


def told(desk: Any, reference: str = "RSP-1", **child: Any) -> Any:
    said = {**desk.birth()["child"], "name": None, "order": None, **child}
    body = {"reference": reference, "child": said, "mother": desk.birth()["mother"]}
    return desk.client.post("/v1/birth-notifications", json=body, headers={**desk.as_("rsud-pirngadi", "agency"), **desk.key()})


REST = {
    "path": "married_parents", "kelurahan_code": "12.71.01.1001", "family_card_no": "1271011203150007",
    "child": {"name": "Nur Aisyah Siregar", "order": 2}, "father": {"name": "Budi Siregar", "nik": "1271010503880002", "born_on": "1988-03-05"},
    "reporter": {"name": "Siti Lubis", "nik": MOTHERS_NIK, "relation": "mother"},
    "witnesses": [{"name": "Rina Tarigan", "nik": "1271014101800003"}, {"name": "Hendra Sitompul", "nik": "3174010107790004"}],
}  # fmt: skip


def claimed(desk: Any) -> str:
    return str(claim(desk, told(desk).json["claim_code"]).json["id"])


def test_a_hospital_s_notification_becomes_the_mother_s_draft_and_needs_no_letter(desk: Any) -> None:
    ident = claimed(desk)
    shown = desk.show(ident, "siti")
    assert (shown["status"], shown["child"]["name"], shown["child"]["weight_g"], shown["reporter"]) == ("draft", None, 3100, None)
    assert "birth" not in shown["missing"]
    refused = desk.client.post(f"{BIRTHS}/{ident}/submission", headers={**desk.citizen("siti"), **desk.key()})
    assert refused.status_code == 422 and {"child", "kelurahan_code", "reporter", "witnesses"} <= set(refused.json["errors"])
    assert desk.change(ident, REST, "siti").status_code == 200
    for kind in PAPERS[1:]:
        assert desk.upload(ident, kind, who="siti").status_code == 201
    assert desk.step(ident, "submission", headers=desk.citizen("siti")).status_code == 200
    for step in ("verification", "registration", "signature"):
        assert desk.step(ident, step).status_code == 200
    number = desk.show(ident, "siti")["record_no"]
    assert desk.client.get(f"/v1/certificates/{number}/document", headers=desk.citizen("siti")).data.startswith(b"%PDF-")


def test_who_says_other_than_the_hospital_shows_a_letter_and_the_officer_is_told(desk: Any) -> None:
    ident = claimed(desk)
    changed = desk.change(ident, {**REST, "child": {**REST["child"], "sex": "male"}}, "siti")
    assert "birth" in changed.json["missing"]
    assert {"field": "child.sex", "code": "differs-from-notification"} in changed.json["warnings"]


def test_the_same_notification_again_is_harmless(desk: Any) -> None:
    first, again = told(desk), told(desk)
    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    other = told(desk, weight_g=2500)
    assert (other.status_code, other.json["type"]) == (409, "/problems/notification-told-otherwise")
    listed = desk.client.get(BIRTHS, headers=officer(desk)).json["items"]
    assert len(listed) == 1


def test_a_notification_told_twice_at_the_same_moment_makes_one_draft(desk: Any, app: Any) -> None:
    start, answers = threading.Barrier(3), []
    said = {**desk.birth()["child"], "name": None}
    body = {"reference": "RSP-9", "child": said, "mother": desk.birth()["mother"]}

    def tell() -> None:
        headers = {**desk.as_("rsud-pirngadi", "agency"), **desk.key()}
        start.wait(10)
        answers.append(app.test_client().post("/v1/birth-notifications", json=body, headers=headers).json["claim_code"])

    threads = [threading.Thread(target=tell) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 3 and len(set(answers)) == 1


@pytest.mark.parametrize(("child", "status"), [
    ({"born_on": "2026-02-13"}, 422), ({"sex": "x"}, 422), ({"name": "x" * 61}, 422), ({"born_on": "1999-01-01"}, 422), ({}, 201),
])  # fmt: skip
def test_a_notification_that_cannot_be_is_refused(desk: Any, child: dict[str, Any], status: int) -> None:
    assert told(desk, **child).status_code == status


def test_only_agencies_notify(desk: Any) -> None:
    for headers in (desk.citizen(), officer(desk), desk.as_("bank", "bank")):
        assert desk.client.post("/v1/birth-notifications", json={}, headers={**headers, **desk.key()}).status_code == 403


def test_who_looked_before_the_parent_claimed_it_is_shown_to_them_afterwards(desk: Any) -> None:
    ident, code = at_counter(desk, "submission", "verification", "registration", "signature")
    other, _ = at_counter(desk, child={"name": "Anak Lain"})
    number = desk.look(ident, desk.as_("auditor", "auditor"), None).json["record_no"]
    paths = (f"{BIRTHS}/{ident}", f"/v1/civil-records/{number}", f"/v1/certificates/{number}/document", f"{BIRTHS}/{other}")
    for path in paths:
        assert desk.client.get(f"{path}?purpose=court_request", headers=desk.staff("registration")).status_code == 200
    assert looks(desk) == []
    assert claim(desk, code).status_code == claim(desk, code).status_code == 200
    seen = [row["record_kind"] for row in looks(desk) if row["purpose"] == "court_request"]
    assert seen == ["certificate", "birth_record", "birth_registration"]
    assert other not in str(looks(desk)) and looks(desk, "budi") == []


def looks(desk: Any, who: str = "siti") -> list[dict[str, Any]]:
    """What a parent is told of who looked, the newest first."""
    return list(desk.client.get("/v1/me/data-access", headers=desk.citizen(who)).json["items"])
