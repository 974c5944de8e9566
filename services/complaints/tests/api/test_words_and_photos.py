"""Whose words and photos reach whom; and what a repeated or keyless filing does."""

from typing import Any

REASON = "Tambalan sudah terbuka lagi, kata Pak Hotman."


def test_the_reporter_s_words_are_for_the_parties_and_the_step_for_everybody(street: Any) -> None:
    ident = street.brought_to("answer")
    street.act(ident, "reopening", {"note": REASON})
    public = street.client.get(street.path(ident))
    assert "Hotman" not in public.text
    assert public.json["timeline"][-1]["event"] == "reopened"
    for headers in (street.citizen(), street.staff("answer"), street.as_("auditor", "auditor")):
        assert street.show(ident, headers)["timeline"][-1]["note"] == REASON


def test_an_internal_note_is_not_for_the_reporter_either(street: Any) -> None:
    ident = street.brought_to("follow-up")
    street.step(ident, "follow-up", {"note": "Anggaran triwulan habis.", "public": False})
    street.step(ident, "follow-up", {"note": "Aspal datang hari Senin."})
    mine, everybody, office = (street.show(ident, headers)["timeline"] for headers in (street.citizen(), {}, street.staff("answer")))
    assert [line["note"] for line in mine] == [line["note"] for line in everybody]
    assert [line["note"] for line in office if line["event"] == "noted"] == ["Anggaran triwulan habis.", "Aspal datang hari Senin."]
    assert not any("actor" in name for line in office for name in line)


def test_a_photo_that_nobody_of_the_city_has_seen_is_not_public(street: Any, clock: Any, run_due: Any) -> None:
    ident = street.file()["id"]
    early = street.photo(ident, street.citizen()).json["id"]
    street.step(ident, "verification")
    clock.advance(minutes=5)
    late = street.photo(ident, street.citizen()).json["id"]
    for step in ("disposition", "follow-up", "answer"):
        street.step(ident, step)
    run_due()
    public = street.client.get(street.path(ident)).json["photos"]
    assert [photo["kind"] for photo in public] == ["report", "proof"]
    assert public[0]["id"] == early
    assert street.client.get(street.path(ident, "photos", late)).status_code == 404
    assert street.client.get(street.path(ident, "photos", late), headers=street.staff("answer")).status_code == 200


def test_the_office_s_photo_needs_what_was_read_last(street: Any) -> None:
    ident = street.brought_to("follow-up")
    assert street.photo(ident, street.staff("answer")).status_code == 428
    seen = {**street.staff("answer"), **street.etag(ident)}
    assert street.photo(ident, seen).status_code == 201
    assert street.photo(ident, seen).status_code == 412


def test_another_body_under_the_same_key_is_refused_and_no_key_too(street: Any, hole: dict[str, Any]) -> None:
    headers = {**street.citizen(), **street.key()}
    assert street.client.post("/v1/complaints", json=hole, headers=headers).status_code == 201
    other = street.client.post("/v1/complaints", json={**hole, "title": "Lubang lain"}, headers=headers)
    assert (other.status_code, other.json["type"]) == (422, "/problems/idempotency-key-reused")
    keyless = street.client.post("/v1/complaints", json=hole, headers=street.citizen())
    assert (keyless.status_code, keyless.json["type"]) == (400, "/problems/idempotency-key-required")


def test_numbers_run_without_gap(street: Any) -> None:
    first = street.file()["number"]
    assert street.filing(title="x").status_code == 422
    assert [int(number[-6:]) for number in (first, street.file()["number"])] == [1, 2]


def test_what_is_no_picture_is_refused_and_not_kept(street: Any) -> None:
    ident = street.file()["id"]
    assert street.photo(ident, street.citizen(), b"\xff\xd8\xff half a picture").json["errors"]["file"]
    assert street.photo(ident, street.citizen(), b"%PDF-1.4 not a picture").json["errors"]["file"]
    assert street.show(ident)["photos"] == []


def test_what_the_category_asks_is_answered_kept_and_not_public(street: Any) -> None:
    missing = street.filing(category="banjir")
    assert (missing.status_code, missing.json["errors"]) == (
        422,
        {"answers": {"depth_cm": [missing.json["errors"]["answers"]["depth_cm"][0]]}},
    )
    ident = street.brought_to("verification", category="banjir", answers={"depth_cm": 40})
    assert street.show(ident)["answers"] == {"depth_cm": 40}
    assert "answers" not in street.client.get(street.path(ident)).json
    listed = street.client.get("/v1/complaint-categories", headers={"Accept-Language": "en"}).json
    (flood,) = [one for one in listed["items"] if one["code"] == "banjir"]
    assert flood["questions"]["properties"]["depth_cm"]["title"] == "Depth of the water (cm)"
    assert {"code": "air", "label": "Drains and floods", "parent": "infrastruktur"} in listed["groups"]


def test_a_body_of_thirty_megabytes_is_refused_and_nothing_is_kept(street: Any, told: Any) -> None:
    huge = b'{"title": "' + b"x" * 30 * 1024 * 1024 + b'"}'
    refused = street.client.post("/v1/complaints", data=huge, content_type="application/json", headers={**street.citizen(), **street.key()})
    assert (refused.status_code, refused.json["type"]) == (413, "/problems/too-large")
    assert told() == []
    path, form = street.path(street.file()["id"], "photos"), "multipart/form-data; boundary=x"
    photo = street.client.post(path, data=huge, content_type=form, headers=street.citizen())
    assert (photo.status_code, photo.json["type"]) == (413, "/problems/too-large")


def test_a_guessed_token_opens_nothing_and_takes_no_step(street: Any) -> None:
    for step, body in (
        ("completion", {"text": "Nomor 40."}),
        ("acceptance", {}),
        ("reopening", {"note": "Belum."}),
        ("withdrawal", {"reason_code": "solved"}),
    ):
        answer = street.client.post(f"/v1/complaints/track/{'A' * 24}/{step}", json=body)
        assert (answer.status_code, answer.json["type"]) == (404, "/problems/not-found"), step
    assert street.client.get("/v1/complaints/track/%00%27--").status_code == 404
