"""The way of a complaint: read, laid before an office, worked on, answered with proof, agreed to or not."""

from typing import Any

import pytest


def kinds(told: Any) -> list[str]:
    return [event["type"].removeprefix("id.go.pemkomedan.complaints.complaint.").removesuffix(".v1") for event in told()]


def test_a_hole_is_reported_repaired_with_proof_and_agreed_to(street: Any, told: Any) -> None:
    filed = street.file()
    assert filed["number"].startswith("MRK-")
    assert (filed["status"], filed["waits_for"], filed["reporter_name"]) == ("received", "coordinator", None)
    ident = filed["id"]
    assert street.step(ident, "verification").json["verified_at"]
    disposed = street.step(ident, "disposition").json
    assert (disposed["status"], disposed["office"], disposed["waits_for"]) == ("disposed", "SDABMBK", "office")
    assert street.step(ident, "follow-up").json["status"] == "in_progress"
    answered = street.step(ident, "answer").json
    assert (answered["status"], answered["waits_for"]) == ("answered", "reporter")
    closed = street.act(ident, "acceptance", {"rating": 5}).json
    assert (closed["status"], closed["close_cause"], closed["rating"], closed["deadline"]) == ("closed", "accepted", 5, None)
    assert kinds(told) == ["submitted", "verified", "routed", "answered", "closed"]
    assert [line["event"] for line in closed["timeline"]] == ["received", "verified", "disposed", "begun", "answered", "closed.accepted"]
    assert closed["timeline"][0]["label"] == "Pengaduan diterima"


def test_not_repaired_says_the_reporter_and_the_office_goes_on(street: Any, told: Any) -> None:
    ident = street.brought_to("answer")
    again = street.act(ident, "reopening", {"note": "Masih berlubang di sebelahnya."}).json
    assert (again["status"], again["reopenings"], again["waits_for"], again["office"]) == ("in_progress", 1, "office", "SDABMBK")
    assert street.step(ident, "answer", {"text": "Sudah diperbaiki, katanya."}).status_code == 409, "old proof does not count"
    assert street.step(ident, "answer").status_code == 200
    street.act(ident, "acceptance", {})
    assert kinds(told) == ["submitted", "verified", "routed", "answered", "reopened", "answered", "closed"]


def test_an_answer_without_proof_is_refused_where_the_category_asks_it(street: Any) -> None:
    ident = street.brought_to("follow-up")
    refused = street.step(ident, "answer", {"text": "Lubang telah ditutup aspal."})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/proof-missing")
    service = street.brought_to("disposition", category="adminduk")
    for step in ("follow-up", "answer"):
        body = {"note": "Sedang dicetak."} if step == "follow-up" else {"text": "KTP sudah dapat diambil."}
        assert street.step(service, step, body, office="DISDUKCAPIL").status_code == 200


def test_a_wrong_office_gives_back_and_the_third_time_the_secretariat_has_it(street: Any, told: Any) -> None:
    ident = street.brought_to("disposition")
    for turn in (1, 2):
        returned = street.step(ident, "return").json
        assert (returned["status"], returned["returns"], returned["office"], returned["waits_for"]) == (
            "received",
            turn,
            None,
            "coordinator",
        )
        assert street.step(ident, "disposition").json["office"] == "SDABMBK"
    third = street.step(ident, "return").json
    assert (third["status"], third["returns"], third["office"]) == ("disposed", 3, "SETDA")
    assert kinds(told).count("returned") == 3
    assert street.step(ident, "follow-up", office="SETDA").status_code == 200


def test_what_is_not_the_citys_is_forwarded_with_the_channel_named(street: Any, told: Any) -> None:
    ident = street.brought_to("verification", category="listrik", title="Listrik padam semalaman")
    refused = street.step(ident, "disposition")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/not-the-citys")
    assert "PLN 123" in refused.json["detail"]
    without = street.step(ident, "verification", {"result": "archived", "reason_code": "not-the-citys"})
    assert (without.status_code, list(without.json["errors"])) == (422, ["forwarded_to"])
    archived = street.step(
        ident, "verification", {"result": "archived", "reason_code": "not-the-citys", "forwarded_to": "EKSTERNAL_PLN"}
    ).json
    assert (archived["status"], archived["forwarded_to"]) == ("archived", "EKSTERNAL_PLN")
    assert "PLN 123" in archived["timeline"][-1]["note"]
    assert kinds(told) == ["submitted", "verified", "archived"]


def test_something_is_missing_and_the_reporter_adds_it(street: Any) -> None:
    ident = street.file()["id"]
    asked = street.step(ident, "verification", {"result": "needs_completion", "note": "Di depan rumah nomor berapa?"}).json
    assert (asked["status"], asked["waits_for"]) == ("needs_completion", "reporter")
    completed = street.act(ident, "completion", {"text": "Di depan nomor 40."}).json
    assert (completed["status"], completed["waits_for"]) == ("received", "coordinator")
    assert completed["text"].endswith("Di depan nomor 40.")
    assert street.act(ident, "completion", {"text": "Dan lagi."}).status_code == 409


def test_a_complaint_without_an_account_is_opened_by_its_token_alone(street: Any) -> None:
    filed = street.file(headers={}, anonymous=True, reporter_contact="0811-2222")
    token, track = filed["follow_up_token"], f"/v1/complaints/track/{filed['follow_up_token']}"
    assert street.client.get(street.path(filed["id"])).status_code == 404
    assert street.client.get(track).json["reporter_contact"] == "0811-2222"
    assert street.client.get(f"/v1/complaints/track/{token[:-1]}{'y' if token.endswith('x') else 'x'}").status_code == 404
    for step in ("verification", "disposition", "follow-up", "answer"):
        assert street.step(filed["id"], step).status_code == 200
    assert street.client.post(f"{track}/reopening", json={"note": "Belum selesai."}).json["status"] == "in_progress"
    street.step(filed["id"], "answer")
    assert street.client.post(f"{track}/acceptance", json={}).json["status"] == "closed"


def test_an_officer_files_for_somebody_who_called(street: Any) -> None:
    clerk = street.as_("rina", "officer", office="DISKOMINFO")
    refused = street.filing(clerk, channel="sms")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["reporter_name"])
    filed = street.file(clerk, channel="sms", reporter_name="Pak Hotman", reporter_contact="0812-3333")
    assert (filed["channel"], filed["reporter_name"]) == ("sms", "Pak Hotman")
    assert list(street.filing(channel="sms").json["errors"]) == ["channel"]


def test_a_resend_with_the_same_key_files_once(street: Any, hole: dict[str, Any], told: Any) -> None:
    headers = {**street.citizen(), **street.key()}
    answers = [street.client.post("/v1/complaints", json=hole, headers=headers) for _ in range(3)]
    assert len({answer.data for answer in answers}) == 1
    assert kinds(told) == ["submitted"]


def test_the_coordinators_rule_of_a_kecamatan_wins_from_its_day_on(street: Any) -> None:
    coordinator = street.as_("citra", "coordinator", office="DISKOMINFO")
    rules = [
        {"category": "jalan_rusak", "office": "DISHUB", "valid_from": "2020-01-01"},
        {"category": "jalan_rusak", "office": "PERKIMCIKATARU", "kecamatan_code": "12.71.01", "valid_from": "2020-01-01"},
        {"category": "jalan_rusak", "office": "DLH", "kecamatan_code": "12.71.01", "valid_from": "2020-01-01", "valid_to": "2020-12-31"},
        {"category": "jalan_rusak", "office": "BPBD", "kecamatan_code": "12.71.01", "valid_from": "2099-01-01"},
    ]
    for rule in rules:
        assert street.client.post("/v1/routing-rules", json=rule, headers={**coordinator, **street.key()}).status_code == 201
    ident = street.brought_to("verification")
    assert street.step(ident, "disposition").json["office"] == "PERKIMCIKATARU"
    assert len(street.client.get("/v1/routing-rules", headers=coordinator).json["items"]) == 4
    wrong = {
        "category": "jalan_rusak",
        "office": "NASA",
        "kecamatan_code": "12.71.99",
        "valid_from": "2026-01-02",
        "valid_to": "2026-01-01",
    }
    refused = street.client.post("/v1/routing-rules", json=wrong, headers={**coordinator, **street.key()})
    assert set(refused.json["errors"]) == {"office", "kecamatan_code", "valid_to"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"latitude": 3.2, "longitude": 99.9}, "latitude"),
        ({"longitude": None}, "longitude"),
        ({"category": "cuaca"}, "category"),
        ({"kelurahan_code": "12.07.01.1001"}, "kelurahan_code"),
        ({"title": "x" * 10_000}, "title"),
        ({"incident_at": "2999-01-01T00:00:00+07:00"}, "incident_at"),
        ({"latitude": float("1e300")}, "latitude"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_names_its_field_and_nothing_is_kept(street: Any, told: Any, change: dict[str, Any], field: str) -> None:
    answer = street.filing(**change)
    assert answer.status_code == 422, answer.text
    assert field in answer.json["errors"]
    assert told() == []


@pytest.mark.parametrize("typed", ["<script>alert(1)</script> di sini", "Lubang <b>besar</b>", "javascript:alert(1)", "&lt;img&gt; lubang"])
def test_markup_is_refused_and_a_plain_less_than_is_not(street: Any, typed: str) -> None:
    for field in ("title", "text", "address"):
        refused = street.filing(**{field: typed})
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert street.filing(text="Lebar jalan < 3 meter & berlubang; tolong.").status_code == 201
