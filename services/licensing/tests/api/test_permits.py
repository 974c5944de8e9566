"""The permit: its number, its paper, its standing."""

from typing import Any

import pytest

PAID = "finance-sts.bill.paid.v1"


@pytest.fixture
def issued(desk: Any, hear: Any, paid: Any) -> dict[str, Any]:
    """A permit of budi's, as he sees it."""
    ident = desk.brought_to("assessment")
    hear(PAID, paid(ident))
    permit_id = desk.show(ident)["permit_id"]
    return dict(desk.client.get(f"/v1/permits/{permit_id}", headers=desk.citizen()).json)


def revocation(desk: Any, permit: dict[str, Any], role: str = "head", reason: str = "court-order") -> Any:
    headers = desk.as_("kadis", role, office="DPMPTSP")
    etag = desk.client.get(f"/v1/permits/{permit['id']}", headers=headers).headers.get("ETag", "*")
    path = f"/v1/permits/{permit['id']}/revocation"
    return desk.client.post(path, json={"reason_code": reason, "text": "Putusan PTUN Medan."}, headers={**headers, "If-Match": etag})


def test_permits_are_numbered_without_gaps_per_office_and_year(desk: Any, hear: Any, paid: Any, clock: Any) -> None:
    from datetime import UTC, datetime

    clock.set(datetime(2026, 12, 30, 3, tzinfo=UTC))
    first, second = desk.brought_to("assessment"), desk.brought_to("assessment")
    for ident in (first, second):
        hear(PAID, paid(ident))
    clock.set(datetime(2027, 1, 4, 3, tzinfo=UTC))
    third = desk.brought_to("assessment")
    hear(PAID, paid(third))
    numbers = [permit["number"] for permit in desk.client.get("/v1/permits", headers=desk.citizen()).json["items"]]
    assert numbers == ["PBG/DPMPTSP/2027/000001", "PBG/DPMPTSP/2026/000002", "PBG/DPMPTSP/2026/000001"]


def test_the_paper_is_a_pdf_the_same_bytes_every_time_and_verifies(desk: Any, issued: dict[str, Any]) -> None:
    path = f"/v1/permits/{issued['id']}/document"
    first, second = (desk.client.get(path, headers=desk.citizen()) for _ in range(2))
    assert first.status_code == 200 and first.mimetype == "application/pdf" and first.data.startswith(b"%PDF-")
    assert first.data == second.data
    verified = desk.client.get(f"/v1/verify/{issued['verify_code']}").json
    assert (verified["standing"], verified["statement"]["number"]) == ("valid", issued["number"])
    assert "Budi" not in str(verified)


def test_a_revoked_permit_verifies_as_revoked(desk: Any, issued: dict[str, Any], told: Any) -> None:
    answer = revocation(desk, issued)
    assert (answer.status_code, answer.json["status"]) == (200, "revoked")
    assert revocation(desk, issued).status_code == 200
    verified = desk.client.get(f"/v1/verify/{issued['verify_code']}", headers={"Accept-Language": "en"}).json
    assert (verified["standing"], verified["label"]) == ("revoked", "Revoked")
    (event,) = told("licensing.permit.revoked.v1")
    assert event["data"]["reason_code"] == "court-order"


def test_only_the_head_revokes_and_with_a_known_reason(desk: Any, issued: dict[str, Any]) -> None:
    assert revocation(desk, issued, role="officer").status_code == 403
    assert set(revocation(desk, issued, reason="mood").json["errors"]) == {"reason_code"}


def test_a_permit_of_somebody_else_does_not_exist(desk: Any, issued: dict[str, Any]) -> None:
    for path in (f"/v1/permits/{issued['id']}", f"/v1/permits/{issued['id']}/document"):
        assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 404
    assert desk.client.get("/v1/permits", headers=desk.citizen("siti")).json["items"] == []


def test_a_code_that_was_never_ours_is_unknown(client: Any) -> None:
    assert client.get("/v1/verify/LAAA-BBBB-CCCC-DDDD").json["type"] == "/problems/document-unknown"


def test_an_officer_s_look_at_the_paper_is_recorded(desk: Any, issued: dict[str, Any]) -> None:
    desk.client.get(f"/v1/permits/{issued['id']}/document", headers=desk.staff("completeness"))
    purposes = [row["purpose"] for row in desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]]
    assert purposes[0] == "permit document read"
