"""A draft, its documents, and what is refused with a reason."""

from typing import Any

import pytest


def opened(desk: Any, **other: Any) -> Any:
    body = {**desk_body(), **other}
    return desk.client.post("/v1/permit-applications", json=body, headers={**desk.citizen(), **desk.key()})


def desk_body() -> dict[str, Any]:
    return {
        "permit_type": "PBG", "applicant_name": "Budi", "applicant_address": "Medan", "site_address": "Medan", "kelurahan_code": "12.71.01.1001",
        "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": 72.5},
    }  # fmt: skip


@pytest.mark.parametrize(("change", "field"), [
    ({"permit_type": "XYZ"}, "permit_type"), ({"permit_type": "IMB"}, "permit_type"), ({"kelurahan_code": "12.72.01.1001"}, "kelurahan_code"),
    ({"applicant_name": ""}, "applicant_name"), ({"applicant_name": "a\u0000b"}, "applicant_name"), ({"colour": "red"}, "colour"),
    ({"answers": {"fungsi": "hunian_kecil"}}, "answers"), ({"answers": {"a": "\u0000"}}, "answers"), ({"answers": {"a": ["x"]}}, "answers"),
    ({"answers": []}, "answers"), ({"site_address": "x" * 301}, "site_address"),
])  # fmt: skip
def test_what_is_wrong_is_named(desk: Any, change: dict[str, Any], field: str) -> None:
    answer = opened(desk, **change)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


@pytest.mark.parametrize(("answers", "field"), [
    ({"fungsi": "pabrik", "jumlah_lantai": 1, "luas_lantai_m2": 72}, "fungsi"),
    ({"fungsi": "usaha", "jumlah_lantai": 0, "luas_lantai_m2": 72}, "jumlah_lantai"),
    ({"fungsi": "usaha", "jumlah_lantai": 1, "luas_lantai_m2": 0}, "luas_lantai_m2"),
    ({"fungsi": "usaha", "jumlah_lantai": 1, "luas_lantai_m2": "0.00"}, "luas_lantai_m2"),
    ({"fungsi": "usaha", "jumlah_lantai": 1, "luas_lantai_m2": 72, "warna": "merah"}, "warna"),
    ({"fungsi": "usaha", "jumlah_lantai": 1}, "luas_lantai_m2"),
])  # fmt: skip
def test_answers_must_fit_the_questions_of_the_permit_type(desk: Any, answers: dict[str, Any], field: str) -> None:
    answer = opened(desk, answers=answers)
    assert (answer.status_code, set(answer.json["errors"]["answers"])) == (422, {field})


def test_opening_needs_a_key_and_the_same_key_opens_once(desk: Any) -> None:
    assert desk.client.post("/v1/permit-applications", json=desk_body(), headers=desk.citizen()).status_code == 400
    headers = {**desk.citizen(), **desk.key()}
    answers = [desk.client.post("/v1/permit-applications", json=desk_body(), headers=headers) for _ in range(2)]
    assert answers[0].json == answers[1].json
    other = desk.client.post("/v1/permit-applications", json={**desk_body(), "site_address": "Binjai"}, headers=headers)
    assert other.status_code == 422
    assert len(desk.client.get("/v1/permit-applications", headers=desk.citizen()).json["items"]) == 1


def test_without_its_documents_an_application_is_not_submitted_and_they_are_named(desk: Any, told: Any) -> None:
    ident = desk.open()
    desk.upload(ident, "land_title")
    answer = desk.step(ident, "submission")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/documents-missing")
    assert "design_drawings" in answer.json["detail"]
    assert "land_title" not in answer.json["detail"]
    assert desk.show(ident)["number"] is None
    assert told() == []


def test_a_refused_submission_leaves_no_gap_in_the_numbers(desk: Any) -> None:
    desk.step(desk.open(), "submission")
    assert desk.show(desk.brought_to("submission"))["number"].endswith("/000001")


def test_a_wrong_file_or_kind_is_refused_and_nothing_is_kept(desk: Any) -> None:
    ident = desk.open()
    assert set(desk.upload(ident, "land_title", b"MZ not a pdf").json["errors"]) == {"file"}
    assert set(desk.upload(ident, "horoscope").json["errors"]) == {"kind"}
    without = desk.client.post(f"/v1/permit-applications/{ident}/documents", data={"kind": "land_title"}, headers=desk.citizen())
    assert (without.status_code, set(without.json["errors"])) == (422, {"file"})
    assert desk.show(ident)["documents"] == []


def test_a_document_is_read_by_its_owner_and_the_office_only(desk: Any) -> None:
    ident = desk.brought_to("submission")
    path = f"/v1/permit-applications/{ident}/documents"
    listed = desk.client.get(path, headers=desk.staff("completeness")).json["items"]
    assert [document["kind"] for document in listed] == ["design_drawings", "land_title"]
    one = f"{path}/{listed[0]['id']}"
    for headers in (desk.citizen(), desk.staff("completeness")):
        answer = desk.client.get(one, headers=headers)
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert desk.client.get(one, headers=desk.citizen("siti")).status_code == 404
    other = desk.open("siti")
    foreign = f"/v1/permit-applications/{other}/documents/{listed[0]['id']}"
    assert desk.client.get(foreign, headers=desk.citizen("siti")).status_code == 404


def test_more_than_forty_documents_are_too_many(desk: Any, session: Any) -> None:
    from datetime import UTC, datetime
    from uuid import UUID

    from licensing.model.application_document import ApplicationDocument
    from licensing.model.permit_application import PermitApplication

    ident = desk.open()
    desk.upload(ident, "site_photo")
    application = session.get(PermitApplication, UUID(ident))
    file_id = application.documents[0].file_id
    for _ in range(39):
        application.attach(
            ApplicationDocument(kind="site_photo", file_id=file_id, name="x.pdf", uploaded_at=datetime.now(UTC)), datetime.now(UTC)
        )
    session.commit()
    assert desk.upload(ident, "site_photo").json["type"] == "/problems/too-many-documents"
