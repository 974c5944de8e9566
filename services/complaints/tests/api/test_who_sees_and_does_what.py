"""Names stay with the reporter and the coordinator; every step belongs to one role."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

SECRET = {"reporter_name": "Bu Tiurma Sihombing", "reporter_contact": "0813-9999-0000"}


def everything_public(street: Any, ident: str) -> str:
    pages = [
        street.client.get(path).text
        for path in (
            "/v1/complaints?limit=200", street.path(ident), street.path(ident, "timeline"),
            "/v1/complaints/duplicates?category=jalan_rusak&latitude=3.5796&longitude=98.6869",
        )
    ]  # fmt: skip
    return "\n".join(pages)


def test_nothing_is_public_before_the_city_has_read_it_and_never_what_is_confidential(street: Any) -> None:
    fresh = street.file()["id"]
    assert street.client.get("/v1/complaints").json["items"] == []
    assert street.client.get(street.path(fresh)).status_code == 404
    street.step(fresh, "verification")
    assert [one["id"] for one in street.client.get("/v1/complaints").json["items"]] == [fresh]
    hidden = street.brought_to("answer", confidential=True)
    assert street.client.get(street.path(hidden)).status_code == 404
    assert hidden not in everything_public(street, fresh)
    assert street.client.post(street.path(hidden, "support"), headers=street.citizen("budi")).status_code == 404


def test_no_name_leaves_in_any_public_answer_or_event(street: Any, told: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ident = street.brought_to("answer", anonymous=True, **SECRET)
    said = everything_public(street, ident) + json.dumps(told()) + capsys.readouterr().out
    assert "Lubang besar" in said
    for word in ("Tiurma", "0813-9999", '"siti"', "sepeda motor jatuh"):
        assert word not in said
    assert not {"text", "reporter_name", "channel"} & set(street.client.get(street.path(ident)).json)


def test_the_office_does_not_see_who_asked_for_anonymity_the_coordinator_does(street: Any) -> None:
    hidden, open_one = (street.brought_to("disposition", anonymous=anonymous, **SECRET) for anonymous in (True, False))
    officer = street.staff("answer")
    assert "reporter_name" not in street.show(hidden, officer)
    assert street.show(hidden, officer)["text"]
    assert street.show(open_one, officer)["reporter_name"] == SECRET["reporter_name"]
    assert street.show(hidden, street.staff("verification"))["reporter_name"] == SECRET["reporter_name"]


def test_who_looked_at_my_complaint_is_written_down(street: Any) -> None:
    ident = street.brought_to("disposition")
    street.show(ident, street.staff("answer"))
    street.show(ident)
    rows = street.client.get("/v1/me/data-access", headers=street.citizen()).json["items"]
    assert {row["office"] for row in rows} == {"SDABMBK", "DISKOMINFO"}
    assert {row["record_id"] for row in rows} == {ident}


def test_an_internal_note_is_not_for_everybody(street: Any) -> None:
    ident = street.brought_to("follow-up")
    street.step(ident, "follow-up", {"note": "Anggaran triwulan habis.", "public": False})
    assert "Anggaran" not in street.client.get(street.path(ident)).text
    assert "Anggaran" in street.client.get(street.path(ident), headers=street.staff("answer")).text


@pytest.mark.parametrize("step", ["verification", "disposition", "return", "follow-up", "answer"])
@pytest.mark.parametrize(("role", "office"), [("citizen", None), ("examiner", "SDABMBK"), ("bank", None), ("agency", None)])
def test_nobody_else_takes_the_citys_steps(street: Any, step: str, role: str, office: str | None) -> None:
    ident = street.brought_to("disposition")
    headers = {**street.as_("x", role, office=office), "If-Match": "*"}
    assert street.client.post(street.path(ident, step), json={}, headers=headers).status_code == 403


def test_another_office_and_another_citizen_find_nothing_to_do(street: Any) -> None:
    ident = street.brought_to("follow-up")
    stranger = {**street.as_("x", "officer", office="DLH"), **street.etag(ident)}
    assert street.client.post(street.path(ident, "answer"), json={"text": "Sudah selesai semua."}, headers=stranger).status_code == 404
    assert street.act(ident, "withdrawal", {"reason_code": "solved"}, who="budi").status_code == 404
    assert street.photo(ident, street.citizen("budi")).status_code == 404


def test_nobody_answers_what_they_reported_themselves_nor_does_their_deputy(street: Any, issuer: Any) -> None:
    ident = street.brought_to("follow-up")
    for sub, named in (("siti", []), ("wakil", ["siti"])):
        token = issuer.token(sub, "officer", office="SDABMBK", acting_for=named)
        headers = {"Authorization": f"Bearer {token}", **street.etag(ident)}
        answer = street.client.post(street.path(ident, "answer"), json={"text": "Lubang telah ditutup."}, headers=headers)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/own-case")
    assert street.step(ident, "answer").status_code == 200


def test_a_deputy_does_not_learn_by_a_refusal_that_theirs_reported_anonymously(street: Any, issuer: Any) -> None:
    ident = street.brought_to("disposition", anonymous=True)
    note, path = {"note": "Regu berangkat besok."}, street.path(ident, "follow-up")
    own = {**street.as_("siti", "officer", office="SDABMBK"), **street.etag(ident)}
    assert street.client.post(path, json=note, headers=own).json["type"] == "/problems/own-case"
    deputy = {"Authorization": f"Bearer {issuer.token('wakil', 'officer', office='SDABMBK', acting_for=['siti'])}", **street.etag(ident)}
    assert street.client.post(path, json=note, headers=deputy).status_code == 200


def test_the_office_alone_cannot_close(street: Any) -> None:
    ident = street.brought_to("answer")
    headers = {**street.staff("answer"), **street.etag(ident)}
    assert street.client.post(street.path(ident, "acceptance"), json={}, headers=headers).status_code == 403


def test_a_step_needs_what_was_read_last(street: Any) -> None:
    ident = street.file()["id"]
    headers = street.staff("verification")
    assert street.client.post(street.path(ident, "verification"), json={"result": "verified"}, headers=headers).status_code == 428
    stale = {**headers, "If-Match": '"0"'}
    assert street.client.post(street.path(ident, "verification"), json={"result": "verified"}, headers=stale).status_code == 412


def test_fifty_who_support_at_once_count_fifty_and_twice_is_once(street: Any, app: Any) -> None:
    ident = street.brought_to("verification")

    def support(n: int) -> int:
        answer = app.test_client().post(street.path(ident, "support"), headers=street.citizen(f"warga-{n % 50}"))
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(support, range(100))) == {200}
    assert street.show(ident)["support_count"] == 50


def test_the_same_trouble_nearby_is_offered_before_filing(street: Any) -> None:
    ident = street.brought_to("verification")
    street.brought_to("verification", latitude=3.5896, longitude=98.6869)
    street.brought_to("verification", category="sampah")
    where = "/v1/complaints/duplicates?category=jalan_rusak&latitude=3.57985&longitude=98.68695"
    assert [one["id"] for one in street.client.get(where).json["items"]] == [ident]
    assert street.client.get("/v1/complaints/duplicates?category=jalan_rusak&latitude=0&longitude=0").status_code == 422


def test_photos_are_pictures_at_most_six_and_shown_when_made_anew(street: Any, run_due: Any) -> None:
    ident = street.file()["id"]
    assert street.photo(ident, street.citizen(), b"GIF89a not a picture").status_code == 422
    photos = [street.photo(ident, street.citizen()) for _ in range(7)]
    assert [answer.status_code for answer in photos] == [201] * 6 + [409]
    path = street.path(ident, "photos", photos[0].json["id"])
    assert street.client.get(path, headers=street.citizen()).json["type"] == "/problems/file-not-ready"
    run_due()
    shown = street.client.get(f"{path}?thumbnail=true", headers=street.citizen())
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert street.client.get(path).status_code == 404, "not public before it was verified"
    street.step(ident, "verification")
    assert street.client.get(path).status_code == 200


def test_my_list_my_cases_and_the_queues(street: Any) -> None:
    mine, other = street.brought_to("disposition"), street.file(street.citizen("budi"))["id"]
    assert [one["id"] for one in street.client.get("/v1/complaints?mine=true", headers=street.citizen()).json["items"]] == [mine]
    (case,) = street.client.get("/v1/me/cases", headers=street.citizen()).json["cases"]
    assert (case["id"], case["label"]) == (mine, "Didisposisikan")
    queue = "/v1/work-queues/complaints"
    assert [one["id"] for one in street.client.get(queue, headers=street.staff("verification")).json["items"]] == [other]
    assert [one["id"] for one in street.client.get(queue, headers=street.staff("answer")).json["items"]] == [mine]
    assert street.client.get(queue, headers=street.citizen()).status_code == 403
    assert len(street.client.get("/v1/complaint-categories").json["items"]) == 29
