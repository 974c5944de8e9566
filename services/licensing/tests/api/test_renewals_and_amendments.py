"""The permit that comes after: reminded of, asked for in its time, nothing typed again, and it goes on where the old one ends."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

WINDOW = datetime(2031, 5, 28, 3, tzinfo=UTC)  # 180 days before 24 November 2031
REMINDER = datetime(2031, 8, 25, 17, 1, tzinfo=UTC)  # 90 days before it, in the first minute of the day


def cases(desk: Any) -> list[dict[str, Any]]:
    return [line for line in desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"] if line["kind"] == "permit_renewal"]


def test_the_holder_is_reminded_and_sees_it_until_the_next_permit_is_there(
    a_shop: Any, head: Any, desk: Any, clock: Any, run_due: Any, told: Any
) -> None:
    permit = a_shop()
    assert (permit["renewable_from"], permit["remind_on"], permit["reminded_at"]) == ("2031-05-28", "2031-08-26", None)
    clock.set(REMINDER)
    assert "failed" not in run_due()
    assert head.permit(permit["id"])["reminded_at"] is not None
    (line,) = cases(desk)
    assert (line["number"], line["deadline"][:10], line["label"]) == (permit["number"], "2031-11-24", "Segera berakhir, perpanjanglah")
    (event,) = told("licensing.permit.renewal_due.v1")
    assert event["data"]["valid_until"] == "2031-11-24"
    head.brought_to_issue(head.ask(permit, "renewal").json["id"])
    assert cases(desk) == []


def test_a_renewal_goes_on_where_the_old_permit_ends(a_shop: Any, head: Any, desk: Any, clock: Any, run_due: Any) -> None:
    old = a_shop(applicant_name="Budi Siregar", nib="8120001234567")
    clock.set(WINDOW)
    draft = head.ask(old, "renewal")
    assert draft.status_code == 201, draft.json
    assert (draft.json["status"], draft.json["applicant_name"], draft.json["nib"]) == ("draft", "Budi Siregar", "8120001234567")
    assert draft.json["answers"] == old["building"]
    assert draft.json["succession"] == {"kind": "renewal", "permit_id": old["id"]}
    assert [document["kind"] for document in draft.json["documents"]] == ["place_of_business"]
    assert head.ask(old, "renewal").json["type"] == "/problems/succession-asked-already"
    new = head.brought_to_issue(draft.json["id"])
    assert (new["valid_from"], new["valid_until"]) == ("2031-11-25", "2036-11-24")
    assert (new["predecessor_id"], new["succession"]) == (old["id"], "renewal")
    assert (head.permit(old["id"])["status"], head.permit(old["id"])["successor_id"]) == ("active", new["id"])
    assert head.ask(old, "renewal").json["type"] == "/problems/permit-renewed-already"
    clock.set(datetime(2031, 11, 24, 17, 1, tzinfo=UTC))
    run_due()
    assert (head.standing(old), head.standing(new)) == ("expired", "valid")


def test_too_early_and_too_late_say_when(a_shop: Any, head: Any, clock: Any) -> None:
    permit = a_shop()
    early = head.ask(permit, "renewal")
    assert (early.status_code, early.json["type"]) == (409, "/problems/renewal-too-early") and "2031-05-28" in early.json["detail"]
    clock.set(datetime(2031, 11, 24, 17, 1, tzinfo=UTC))  # due work may be a little late
    late = head.ask(permit, "renewal")
    assert (late.status_code, late.json["type"]) == (409, "/problems/renewal-too-late") and "2031-11-24" in late.json["detail"]


def test_a_renewal_that_was_withdrawn_may_be_asked_for_again(a_shop: Any, head: Any, desk: Any, clock: Any) -> None:
    permit = a_shop()
    clock.set(WINDOW)
    first = head.ask(permit, "renewal").json["id"]
    assert desk.step(first, "withdrawal", {"reason_code": "other"}).status_code == 200
    assert head.ask(permit, "renewal").status_code == 201


def test_a_renewal_issued_after_the_last_day_leaves_no_gap(a_shop: Any, head: Any, clock: Any, run_due: Any) -> None:
    old = a_shop()
    clock.set(datetime(2031, 11, 20, 3, tzinfo=UTC))
    draft = head.ask(old, "renewal").json["id"]
    clock.set(datetime(2031, 12, 3, 3, tzinfo=UTC))
    run_due()
    assert head.standing(old) == "expired"
    assert head.brought_to_issue(draft)["valid_from"] == "2031-11-25"


def test_the_same_key_opens_one_renewal(a_shop: Any, desk: Any, clock: Any) -> None:
    permit = a_shop()
    clock.set(WINDOW)
    headers = {**desk.citizen(), **desk.key()}
    first, again = (desk.client.post(f"/v1/permits/{permit['id']}/renewal", headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201 and first.data == again.data
    without = desk.client.post(f"/v1/permits/{permit['id']}/renewal", headers=desk.citizen())
    assert without.status_code == 400, without.json


def test_a_building_permit_does_not_end_and_is_not_renewed(desk: Any, head: Any, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    refused = head.ask({"id": desk.show(ident)["permit_id"]}, "renewal")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/permit-not-renewable")


def test_an_amendment_takes_the_place_of_the_permit(a_shop: Any, head: Any, desk: Any, told: Any) -> None:
    old = a_shop()
    ident = head.ask(old, "amendment").json["id"]
    larger = {**old["building"], "luas_m2": "60"}
    assert desk.client.patch(f"/v1/permit-applications/{ident}", json={"answers": larger}, headers=desk.citizen()).status_code == 200
    new = head.brought_to_issue(ident)
    assert (new["building"]["luas_m2"], new["valid_until"], new["succession"]) == ("60", old["valid_until"], "amendment")
    assert (head.permit(old["id"])["status"], head.standing(old), head.standing(new)) == ("amended", "superseded", "valid")
    (amended,) = told("licensing.permit.amended.v1")
    assert (amended["data"]["cause"], amended["data"]["successor_id"]) == ("amendment", new["id"])
    assert [event["data"]["permit_id"] for event in told("licensing.permit.issued.v1")] == [old["id"], new["id"]]


def test_a_renewal_asked_for_before_a_correction_renews_what_was_corrected(a_shop: Any, head: Any, clock: Any) -> None:
    old = a_shop()
    clock.set(WINDOW)
    draft = head.ask(old, "renewal").json["id"]
    body = {"reason_code": "data-changed", "text": "Pindah.", "changes": {"holder_address": "Jalan Asia 3, Medan"}}
    corrected = head.act(old, "correction", body).json
    assert head.ask(corrected, "renewal").json["type"] == "/problems/succession-asked-already"
    new = head.brought_to_issue(draft)
    assert (new["predecessor_id"], head.permit(corrected["id"])["status"]) == (corrected["id"], "active")


def test_answers_that_fit_the_questions_no_longer_are_mended_before_submission(a_shop: Any, head: Any, desk: Any, session: Session) -> None:
    ident = head.ask(a_shop(), "amendment").json["id"]
    session.execute(sa.text("UPDATE permit_application SET answers = answers - 'jenis_usaha' WHERE id = :id"), {"id": UUID(ident)})
    session.commit()
    refused = desk.step(ident, "submission")
    assert (refused.status_code, refused.json["errors"]) == (422, {"answers": {"jenis_usaha": ["Wajib diisi."]}})


def test_what_was_revoked_meanwhile_is_not_amended_and_the_new_permit_stands_for_itself(a_shop: Any, head: Any, told: Any) -> None:
    old = a_shop()
    ident = head.ask(old, "amendment").json["id"]
    head.act(old, "revocation", {"reason_code": "court-order", "text": "Putusan PTUN."})
    new = head.brought_to_issue(ident)
    assert (new["predecessor_id"], new["valid_from"], head.standing(old)) == (None, "2026-11-24", "revoked")
    assert told("licensing.permit.amended.v1") == []
