"""A birth certificate from home: each step by the one whose step it is."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from civil_registry.use_cases.breaches import BREACHED
from smartcity import clock as city_clock
from smartcity.identity_number import parse_nik

IN_TIME = ["draft", "submitted", "in_check", "registered", "signed", "issued", "collected"]


def test_a_parent_gets_the_certificate_without_leaving_home(desk: Any, told: Any) -> None:
    ident = desk.brought_to("signature")
    issued = desk.show(ident)
    assert (issued["status"], issued["record_no"], issued["late"]) == ("issued", "1271-LU-12022026-0001", False)
    paper = desk.client.get(f"/v1/certificates/{issued['record_no']}/document", headers=desk.citizen())
    assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert desk.step(ident, "collection").json["status"] == "collected"
    assert [line["status"] for line in desk.show(ident)["history"]] == IN_TIME
    assert [event["type"].rpartition("civil-registry.")[2] for event in told()] == [
        "birth.submitted.v1", "birth.registered.v1", "certificate.issued.v1",
    ]  # fmt: skip


def test_the_sixtieth_day_is_in_time(desk: Any, told: Any) -> None:
    ident = desk.brought_to("registration", child={"born_on": "2025-12-14"})
    shown = desk.show(ident)
    assert (shown["days_after_birth"], shown["late"], shown["record_no"]) == (60, False, "1271-LU-12022026-0001")
    assert told("civil-registry.birth.registered.v1")[0]["data"]["kind"] == "in_time"


def test_the_sixty_first_day_needs_the_head_s_decision(desk: Any, told: Any) -> None:
    ident = desk.filed(child={"born_on": "2025-12-13"})
    for step in ("submission", "verification"):
        answer = desk.step(ident, step)
    assert (answer.json["days_after_birth"], answer.json["status"]) == (61, "awaiting_late_decision")
    refused = desk.step(ident, "registration")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/registration-not-registrable")
    for step in ("late-decision", "registration", "signature"):
        answer = desk.step(ident, step)
        assert answer.status_code == 200, answer.json
    assert answer.json["record_no"] == "1271-LT-12022026-0001"
    (registered,) = told("civil-registry.birth.registered.v1")
    assert registered["data"] == {
        "registration_id": ident,
        "kelurahan_code": "12.71.01.1001",
        "registered_on": "2026-02-12",
        "kind": "late",
    }
    assert told("civil-registry.birth.late_decided.v1")[0]["data"]["decision"] == "approved"


def test_the_day_counts_in_medan_not_in_greenwich(desk: Any, clock: Any) -> None:
    from datetime import UTC, datetime

    clock.set(datetime(2026, 2, 12, 17, 30, tzinfo=UTC))  # 13 February, 00:30 in Medan
    ident = desk.brought_to("submission", child={"born_on": "2025-12-14"})
    assert desk.show(ident)["days_after_birth"] == 61


def test_a_rejected_late_report_ends_with_reasons_and_may_be_filed_anew(desk: Any, told: Any) -> None:
    late = {"child": {"born_on": "2025-06-01"}}
    ident = desk.brought_to("verification", **late)
    assert set(desk.step(ident, "late-decision", {"decision": "rejected"}).json["errors"]) == {"reason_code"}
    body = {"decision": "rejected", "reason_code": "birth-not-proven", "reasons": ["Surat keterangan lahir tidak sah."]}
    assert desk.step(ident, "late-decision", body).json["status"] == "rejected"
    line = desk.show(ident)["history"][-1]
    assert (line["reason_code"], line["reasons"]) == ("birth-not-proven", ["Surat keterangan lahir tidak sah."])
    assert told("civil-registry.birth.late_decided.v1")[0]["data"]["decision"] == "rejected"
    assert desk.step(ident, "registration").json["type"] == "/problems/registration-not-registrable"
    assert desk.brought_to("submission", **late)


def test_given_back_mended_without_retyping_and_handed_in_again(desk: Any, told: Any) -> None:
    ident = desk.brought_to("submission")
    number = desk.show(ident)["number"]
    assert desk.step(ident, "returns").json["status"] == "returned"
    shown = desk.show(ident)
    assert shown["history"][-1]["reasons"] == ["Kartu Keluarga tidak terbaca."]
    assert (shown["deadline"], shown["waits_for"]) == (None, None)
    mended = desk.change(ident, {"child": {"name": "Nur Aisyah Lubis"}, "mother": {"name": "Siti Aminah Lubis"}})
    assert mended.status_code == 200
    assert (mended.json["child"]["name"], mended.json["mother"]["name"]) == ("Nur Aisyah Lubis", "Siti Aminah Lubis")
    assert (mended.json["child"]["weight_g"], mended.json["mother"]["nik"]) == (3100, "1271014502900001")
    assert desk.upload(ident, "family_card").status_code == 201
    for step in ("submission", "verification", "registration", "signature"):
        assert desk.step(ident, step).status_code == 200
    assert desk.show(ident)["number"] == number
    assert told("civil-registry.birth.returned.v1")[0]["data"]["reason_code"] == "documents-unreadable"
    assert len(told("civil-registry.birth.submitted.v1")) == 2


def test_a_return_does_not_make_a_timely_report_late(desk: Any, clock: Any) -> None:
    ident = desk.brought_to("submission", child={"born_on": "2025-12-20"})
    desk.step(ident, "returns")
    clock.advance(days=30)
    answer = desk.step(ident, "submission")
    assert (answer.json["days_after_birth"], answer.json["late"]) == (54, False)


def test_the_registrar_may_give_back_what_was_checked_and_it_is_checked_anew(desk: Any) -> None:
    ident = desk.brought_to("verification")
    registrar = {**desk.staff("registration"), **desk.etag(ident)}
    assert desk.step(ident, "returns", headers=registrar).json["status"] == "returned"
    assert desk.step(ident, "submission").json["waits_for"] == "verification"
    assert desk.step(ident, "registration").json["type"] == "/problems/registration-not-registrable"
    for step in ("verification", "registration", "signature"):
        assert desk.step(ident, step).status_code == 200


def test_the_parent_is_shown_until_when_the_office_promises(desk: Any) -> None:
    ident = desk.brought_to("submission")
    shown = desk.show(ident)
    # Thursday 12 February 10:00 WIB; 3 working days, 16 and 17 February 2026 are joint leave and Imlek: Friday 13, 18, 19
    assert shown["deadline"] == "2026-02-19T16:59:59+00:00"
    assert shown["legal_deadline"] == "2026-03-14T16:59:59+00:00"
    (case,) = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    assert (case["status"], case["label"], case["deadline"]) == ("submitted", "Diajukan", shown["deadline"])


def test_reports_that_wait_too_long_are_counted_against_the_promise_and_the_law(desk: Any, clock: Any, session: Session) -> None:
    ident = desk.brought_to("submission")
    counted = lambda: {kind: watch(session, city_clock.now()) for kind, watch in BREACHED.items()}
    for day, late in ((date(2026, 2, 19), (0, 0)), (date(2026, 2, 20), (1, 0)), (date(2026, 3, 15), (1, 1))):
        clock.set(datetime.combine(day, time(), UTC))
        assert tuple(counted().values()) == late
    for step in ("verification", "registration", "signature"):
        assert desk.step(ident, step).status_code == 200
    assert tuple(counted().values()) == (0, 0)


def test_numbers_are_without_gaps_per_kind_and_day(desk: Any, clock: Any) -> None:
    def born(name: str, **other: Any) -> str:
        ident = desk.brought_to("verification", child={"name": name, **other})
        if other:
            desk.step(ident, "late-decision")
        return str(desk.step(ident, "registration").json["record_no"])

    numbers = [born("A B"), born("C D"), born("E F", born_on="2025-01-01"), born("G H")]
    assert numbers == [f"1271-{tail}" for tail in ("LU-12022026-0001", "LU-12022026-0002", "LT-12022026-0001", "LU-12022026-0003")]
    clock.advance(days=1)
    assert born("I J") == "1271-LU-13022026-0001"


def test_the_child_s_nik_is_that_of_its_kecamatan_day_and_sex(desk: Any) -> None:
    ident = desk.brought_to("registration")
    number = desk.show(ident)["record_no"]
    entry = desk.client.get(f"/v1/civil-records/{number}?purpose=registration", headers=desk.staff("registration")).json
    nik = parse_nik(entry["content"]["child"]["nik"])
    assert nik.fits(date(2026, 2, 5), "female") and (nik.region, nik.serial) == ("127101", 1)
    assert entry["unchanged"] is True and len(entry["hash"]) == 64
