"""Nobody looks at a family without a reason, without a trace, or further than they need."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity import documents
from smartcity.testing.printed import scanned

NIKS = ("1271014502900001", "1271010503880002", "1271014101800003", "3174010107790004", "1271011203150007")
NAMES = ("Nur Aisyah", "Siti Lubis", "Budi Siregar", "Rina Tarigan", "Pirngadi")


def accesses(desk: Any) -> list[tuple[str, str, str]]:
    rows = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    return [(row["record_kind"], row["purpose"], row["office"]) for row in rows]


@pytest.mark.parametrize("step", ["verification", "registration", "signature", "late-decision"])
def test_an_official_says_why_they_look_and_the_parent_sees_it(desk: Any, step: str) -> None:
    ident = desk.brought_to("submission")
    for purpose, code in ((None, "purpose-required"), ("curiosity", "purpose-unknown")):
        answer = desk.look(ident, {**desk.staff(step), "Accept-Language": "en"}, purpose)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {"purpose"}), code
        assert "Siregar" not in answer.text
    assert accesses(desk) == []
    assert desk.look(ident, desk.staff(step), "verification").status_code == 200
    assert accesses(desk) == [("birth_registration", "verification", "DISDUKCAPIL")]


def test_every_look_is_its_own_row_and_one_s_own_is_none(desk: Any) -> None:
    ident = desk.brought_to("submission")
    desk.show(ident)
    for _ in range(3):
        desk.look(ident, desk.staff("verification"))
    assert len(accesses(desk)) == 3


def test_a_look_that_cannot_be_written_down_shows_nothing(desk: Any) -> None:
    ident = desk.brought_to("submission")

    def fail(_: Session) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, Exception("disk full"))

    sa.event.listen(Session, "before_commit", fail)
    try:
        answer = desk.look(ident, desk.staff("verification"))
    finally:
        sa.event.remove(Session, "before_commit", fail)
    assert answer.status_code >= 500 and not any(word in answer.text for word in (*NIKS, *NAMES))
    assert accesses(desk) == []


def test_who_compares_papers_sees_all_who_decides_sees_names_an_auditor_sees_nobody(desk: Any) -> None:
    ident = desk.brought_to("submission")
    for step in ("verification", "registration"):
        text = desk.look(ident, desk.staff(step)).text
        assert all(nik in text for nik in NIKS) and all(name in text for name in NAMES)
    for step in ("signature", "late-decision"):
        answer = desk.look(ident, desk.staff(step))
        assert not any(nik in answer.text for nik in NIKS) and all(name in answer.text for name in NAMES)
        assert (answer.json["mother"]["nik"], answer.json["family_card_no"]) == ("127101******0001", "127101******0007")
    audited = desk.look(ident, desk.as_("auditor", "auditor"), None)
    assert audited.status_code == 200 and audited.json["status"] == "submitted"
    assert not any(word in audited.text for word in (*NIKS, *NAMES))


def test_reasons_of_a_return_are_not_for_the_auditor(desk: Any) -> None:
    ident = desk.brought_to("submission")
    desk.step(ident, "returns")
    audited = desk.look(ident, desk.as_("auditor", "auditor"), None)
    assert audited.json["history"][-1]["reason_code"] == "documents-unreadable"
    assert "Kartu Keluarga" not in audited.text


def test_a_paper_is_read_with_a_purpose_only(desk: Any, pdf: bytes) -> None:
    ident = desk.brought_to("submission")
    path = f"/v1/birth-registrations/{ident}/documents"
    listed = desk.client.get(path, headers=desk.staff("verification")).json["items"]
    assert sorted(row["kind"] for row in listed) == ["birth_letter", "family_card", "identity_cards", "marriage_certificate"]
    one = f"{path}/{listed[0]['id']}"
    assert desk.client.get(one, headers=desk.staff("verification")).status_code == 422
    assert desk.client.get(f"{one}?purpose=verification", headers=desk.staff("verification")).data == pdf
    assert desk.client.get(one, headers=desk.citizen()).data == pdf
    assert desk.client.get(one, headers=desk.as_("auditor", "auditor")).status_code == 403
    assert len(accesses(desk)) == 1
    other = desk.open("siti", child={"name": "Lain"})
    stolen = f"/v1/birth-registrations/{other}/documents/{listed[0]['id']}"
    assert desk.client.get(stolen, headers=desk.citizen("siti")).status_code == 404


def test_an_entry_of_the_register_is_shown_by_number_as_far_as_needed(desk: Any) -> None:
    number = desk.show(desk.brought_to("registration"))["record_no"]
    path = f"/v1/civil-records/{number}"
    assert desk.client.get(path, headers=desk.staff("registration")).status_code == 422
    entry = desk.client.get(f"{path}?purpose=court_request", headers=desk.staff("registration")).json
    assert entry["content"]["mother"]["nik"] == "1271014502900001"
    assert not {"salt", "registrar_sub", "verifier_sub"} & set(entry["content"])
    signer = desk.client.get(f"{path}?purpose=signature", headers=desk.staff("signature")).json
    assert signer["content"]["mother"]["nik"] == "127101******0001"
    assert signer["content"]["child"]["nik"].startswith("127101******")
    auditor = desk.client.get(path, headers=desk.as_("auditor", "auditor")).json
    assert (auditor["content"], auditor["unchanged"]) == (None, True)
    assert desk.client.get(path, headers=desk.citizen()).json["content"]["child"]["name"] == "Nur Aisyah Siregar"
    assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 404
    assert accesses(desk) == [("birth_record", "signature", "DISDUKCAPIL"), ("birth_record", "court_request", "DISDUKCAPIL")]


def test_an_unknown_number_is_not_found(desk: Any) -> None:
    for number in ("1271-LU-12022026-0009", "x", "%00", "%ED%A0%80", "1271014502900001"):
        for path in (f"/v1/civil-records/{number}", f"/v1/certificates/{number}/document"):
            assert desk.client.get(f"{path}?purpose=registration", headers=desk.staff("registration")).status_code == 404


def test_the_certificate_is_the_parent_s_and_verifies_without_naming_anyone(desk: Any, told: Any) -> None:
    number = desk.show(desk.brought_to("signature"))["record_no"]
    path = f"/v1/certificates/{number}/document"
    first, second = (desk.client.get(path, headers=desk.citizen()) for _ in range(2))
    assert first.data == second.data and first.data.startswith(b"%PDF-")
    assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 404
    assert desk.client.get(path, headers=desk.as_("auditor", "auditor")).status_code == 403
    assert desk.client.get(path, headers=desk.staff("signature")).status_code == 422
    assert desk.client.get(f"{path}?purpose=counter_service", headers=desk.staff("verification")).data == first.data
    (event,) = told("civil-registry.certificate.issued.v1")
    (code,) = scanned(first.data)
    assert documents.verify_offline(code, dict([documents.public_key()])).statement.code == event["data"]["verify_code"]
    verified = desk.client.get(f"/v1/verify/{event['data']['verify_code']}").json
    assert (verified["standing"], verified["statement"]["number"], verified["label"]) == ("valid", number, "Berlaku")
    assert not any(word in str(verified) for word in (*NIKS, *NAMES))


def test_lists_and_the_queue_name_nobody(desk: Any) -> None:
    desk.brought_to("submission")
    for path in ("/v1/birth-registrations", "/v1/work-queues/civil-registry"):
        text = desk.client.get(path, headers=desk.staff("verification")).text
        assert "submitted" in text and not any(word in text for word in (*NIKS, *NAMES, "budi"))


def test_no_event_and_no_log_line_of_the_whole_way_names_anyone(desk: Any, told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from smartcity.observability import configure_logs

    configure_logs("civil-registry", "INFO")
    ident = desk.brought_to("submission")
    desk.step(ident, "returns")
    for step in ("submission", "verification", "registration", "signature", "collection"):
        desk.step(ident, step)
    desk.look(ident, desk.staff("registration"))
    desk.post({"mother": {"nik": NIKS[0], "name": NAMES[1]}})
    number = desk.show(ident)["record_no"]
    entry = desk.client.get(f"/v1/civil-records/{number}?purpose=correction", headers=desk.staff("registration")).json
    lines = capsys.readouterr().out
    configure_logs("civil-registry", "ERROR")
    assert "request answered" in lines
    secret = (*NIKS, *NAMES, entry["content"]["child"]["nik"])
    assert not any(word in lines for word in secret)
    events = str(told())
    assert "birth.registered" in events and not any(word in events for word in (*secret, "budi", "togar"))
