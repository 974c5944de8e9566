"""Other offices are asked at once, each with its own clock; what they do not say in time, and what they refuse."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

TALL = {"answers": {"fungsi": "usaha", "jumlah_lantai": 5, "luas_lantai_m2": "900"}}
TOLD = "licensing.clock.escalated.v1"


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 3, tzinfo=UTC)


@pytest.fixture
def asked(desk: Any, clock: Any) -> str:
    """Complete on Tuesday 24 November 2026: DAMKARMAT has 7 working days and its silence is approval, DLH 10 and it is waited for."""
    clock.set(at(24))
    return str(desk.brought_to("completeness", **TALL))


@pytest.fixture
def visited(desk: Any, clock: Any, run_due: Any, asked: str) -> None:
    """The site was visited on the next day, and conforms."""
    path, staff = f"/v1/permit-applications/{asked}/visits", desk.staff("examinations")

    def post(step: str = "", **sent: Any) -> Any:
        answer = desk.client.post(f"{path}{step}", headers={**staff, **desk.etag(asked)}, **sent)
        assert answer.status_code < 300, answer.json
        return answer.json

    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    visit = post(json={"day": "2026-11-25", "invitation": "Pukul 10.00 di lokasi."})["id"]
    clock.set(at(25))
    for _ in range(2):
        photo = (io.BytesIO(picture.getvalue()), "foto.jpg", "image/jpeg")
        post(f"/{visit}/photos", data={"latitude": "3.5796", "longitude": "98.6869", "file": photo})
    run_due()
    lines = [{"code": code, "met": True, "note": ""} for code in ("location", "boundary", "access", "not-begun")]
    post(f"/{visit}/report", json={"checklist": lines, "report": "Diperiksa bersama pemohon.", "conclusion": "conforms"})


def listed(desk: Any, ident: str) -> dict[str, dict[str, Any]]:
    found = desk.client.get(f"/v1/permit-applications/{ident}/clearances", headers=desk.citizen()).json["items"]
    return {row["code"]: row for row in found}


def test_every_office_is_asked_at_once_with_its_own_clock(desk: Any, asked: str) -> None:
    found = listed(desk, asked)
    assert {code: (row["office"], row["silence"], row["due_on"]) for code, row in found.items()} == {
        "environment": ("DLH", "waits", "2026-12-08"), "fire-safety": ("DAMKARMAT", "approval", "2026-12-03"),
    }  # fmt: skip


def test_a_house_that_needs_nobody_else_is_not_asked_about(desk: Any) -> None:
    ident = desk.brought_to("completeness")
    assert listed(desk, ident) == {}


@pytest.mark.usefixtures("visited")
def test_no_approval_before_every_office_has_said_yes(desk: Any, asked: str) -> None:
    assert desk.step(asked, "examinations").status_code == 201
    refused = desk.step(asked, "approval")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/clearances-open")
    assert "environment, fire-safety" in refused.json["detail"]
    assert desk.answer(asked, "fire-safety").status_code == 200
    assert "fire-safety" not in desk.step(asked, "approval").json["detail"]
    assert desk.answer(asked, "environment", office="DLH").json["answer"] == "approved"
    assert desk.step(asked, "approval").status_code == 200


def test_an_officer_sees_the_question_of_their_own_office_and_nobody_s_name(desk: Any, asked: str) -> None:
    found = listed(desk, asked)["fire-safety"]
    path = f"/v1/permit-applications/{asked}/clearances/{found['id']}"
    officer = desk.as_("uli", "officer", office="DAMKARMAT")
    shown = desk.client.get(path, headers=officer)
    assert (shown.json["answers"], shown.json["site_address"]) == (TALL["answers"], "Jalan Sisingamangaraja 40, Medan")
    assert "Budi" not in shown.text and "Sei Deli" not in shown.text
    (drawing,) = shown.json["documents"]
    assert drawing["kind"] == "design_drawings"
    assert desk.client.get(f"{path}/documents/{drawing['id']}", headers=officer).data.startswith(b"%PDF-")
    (title,) = [one["id"] for one in desk.show(asked)["documents"] if one["kind"] == "land_title"]
    assert desk.client.get(f"{path}/documents/{title}", headers=officer).status_code == 404
    assert desk.client.get(path, headers=desk.as_("x", "officer", office="DLH")).status_code == 404
    assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 403
    assert desk.client.get(path.replace(asked, desk.open()), headers=officer).status_code == 404
    assert desk.client.get(f"/v1/permit-applications/{asked}", headers=officer).status_code == 404
    seen = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert any(row["purpose"] == "document read for a clearance" for row in seen)


def test_what_waits_for_an_office_stands_in_its_own_queue(desk: Any, asked: str) -> None:
    refused = desk.client.get("/v1/work-queues/licensing?mine=true&step=clearance", headers=desk.as_("uli", "officer", office="DAMKARMAT"))
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["mine"])

    def queue(office: str, step: str = "?step=clearance") -> list[dict[str, Any]]:
        headers = desk.as_("uli", "officer", office=office)
        return list(desk.client.get(f"/v1/work-queues/licensing{step}", headers=headers).json["items"])

    (line,) = queue("DAMKARMAT")
    assert (line["id"], line["clearance_due_on"], line["number"]) == (asked, "2026-12-03", desk.show(asked)["number"])
    assert line["clearance_id"] == listed(desk, asked)["fire-safety"]["id"]
    assert "Budi" not in str(line)
    assert queue("DAMKARMAT", "") == queue("DPMPTSP") == []
    desk.answer(asked, "fire-safety")
    assert queue("DAMKARMAT") == []
    assert len(queue("DLH")) == 1


def test_silence_is_approval_where_the_type_says_so_and_a_reason_to_ring_where_it_does_not(
    desk: Any, clock: Any, run_due: Any, told: Any, asked: str
) -> None:
    clock.set(at(3, 12))
    run_due()
    assert listed(desk, asked)["fire-safety"]["answer"] is None
    clock.set(at(4, 12))
    run_due()
    found = listed(desk, asked)["fire-safety"]
    assert (found["answer"], found["by_silence"], found["due_on"]) == ("approved", True, None)
    clock.set(at(9, 12))
    run_due()
    assert listed(desk, asked)["environment"]["answer"] is None
    rung = [event["data"] for event in told(TOLD) if event["data"]["step"] == "clearance"]
    assert [(row["office"], row["percent"]) for row in rung] == [("DAMKARMAT", 50), ("DLH", 50), ("DLH", 100)]
    late = desk.answer(asked, "fire-safety", "refused", "Terlambat.")
    assert (late.status_code, late.json["type"]) == (409, "/problems/clearance-answered")


def test_the_clock_of_an_office_stands_while_the_applicant_repairs(desk: Any, clock: Any, run_due: Any, asked: str) -> None:
    clock.set(at(26))
    assert desk.step(asked, "returns").status_code == 200
    assert {row["due_on"] for row in listed(desk, asked).values()} == {None}
    clock.set(at(14, 12))
    run_due()
    assert listed(desk, asked)["fire-safety"]["answer"] is None
    refused = desk.answer(asked, "fire-safety")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/clearance-not-open")
    for step in ("submission", "completeness"):
        assert desk.step(asked, step).status_code == 200
    found = listed(desk, asked)["fire-safety"]
    assert (found["used"], found["turn"], found["due_on"]) == (2, 1, "2026-12-21")


@pytest.mark.usefixtures("visited")
def test_a_refusal_says_why_blocks_and_is_asked_anew_after_the_repair(desk: Any, asked: str) -> None:
    unsaid = desk.answer(asked, "fire-safety", "refused")
    assert (unsaid.status_code, set(unsaid.json["errors"])) == (422, {"reasons"})
    assert desk.answer(asked, "fire-safety", "refused", "Jalan masuk kurang lebar.").status_code == 200
    assert desk.answer(asked, "environment", office="DLH").status_code == 200
    desk.step(asked, "examinations")
    refused = desk.step(asked, "approval")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/clearance-refused")
    assert "fire-safety" in refused.json["detail"]
    desk.returned(asked, "design_drawings")
    found = desk.client.get(f"/v1/permit-applications/{asked}/clearances", headers=desk.citizen()).json["items"]
    assert [(row["code"], row["turn"], row["answer"]) for row in found] == [
        ("environment", 1, "approved"), ("fire-safety", 1, "refused"), ("fire-safety", 2, None),
    ]  # fmt: skip
    assert found[1]["reasons"] == ["Jalan masuk kurang lebar."]
    assert desk.answer(asked, "fire-safety").status_code == 200
    desk.step(asked, "examinations")
    assert desk.step(asked, "approval").status_code == 200


def test_two_officers_of_an_office_do_not_both_answer(desk: Any, asked: str) -> None:
    path = f"/v1/permit-applications/{asked}/clearances/{listed(desk, asked)['fire-safety']['id']}"
    officer = desk.as_("uli", "officer", office="DAMKARMAT")
    seen = {"If-Match": desk.client.get(path, headers=officer).headers["ETag"]}
    body = {"answer": "approved"}
    assert desk.client.post(f"{path}/answer", json=body, headers=officer).status_code == 428
    assert desk.client.post(f"{path}/answer", json=body, headers={**officer, **seen}).status_code == 200
    assert desk.client.post(f"{path}/answer", json=body, headers={**officer, **seen}).status_code == 412


def test_nobody_is_asked_any_longer_once_it_is_over(desk: Any, run_due: Any, clock: Any, told: Any, asked: str) -> None:
    assert desk.step(asked, "withdrawal", {"reason_code": "cost"}).status_code == 200
    assert desk.answer(asked, "fire-safety").json["type"] == "/problems/clearance-not-open"
    clock.set(at(28, 12))
    run_due()
    assert told(TOLD) == []


def test_the_database_refuses_the_approval_too(desk: Any, session: Session, asked: str) -> None:
    desk.step(asked, "examinations")
    with pytest.raises(IntegrityError) as error:
        session.execute(sa.text("UPDATE permit_application SET status = 'approved' WHERE number IS NOT NULL"))
    assert error.value.orig.diag.constraint_name == "clear"  # type: ignore[union-attr]
    session.rollback()
    with pytest.raises(IntegrityError) as error:
        session.execute(sa.text("UPDATE clearance SET answer = 'approved', answered_at = now() WHERE code = 'environment'"))
    assert "ck_clearance" in str(error.value)
