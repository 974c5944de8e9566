"""What the head does about a permit: announced first, answered, then done; and seen at once by whoever verifies the paper."""

from datetime import UTC, datetime
from typing import Any

import pytest

FIVE_DAYS_LATER = datetime(2026, 12, 2, 3, tzinfo=UTC)  # five working days after 24 November are over on 1 December
PERIOD = {"starts_on": "2026-12-02", "ends_on": "2026-12-31"}


def test_a_suspension_is_announced_begins_by_itself_and_ends_by_itself(
    a_shop: Any, head: Any, notice: Any, clock: Any, run_due: Any, told: Any
) -> None:
    permit = a_shop()
    answer = head.act(permit, "suspension", {**notice, **PERIOD})
    assert (answer.status_code, answer.json["status"]) == (200, "active"), answer.json
    (measure,) = answer.json["measures"]
    assert (measure["status"], measure["answer_until"]) == ("announced", "2026-12-01")
    for moment, status, standing in (
        (datetime(2026, 12, 1, 16, 59, tzinfo=UTC), "active", "valid"),
        (datetime(2026, 12, 1, 17, 1, tzinfo=UTC), "suspended", "suspended"),  # midnight in Medan
        (datetime(2026, 12, 31, 16, 59, tzinfo=UTC), "suspended", "suspended"),
        (datetime(2026, 12, 31, 17, 1, tzinfo=UTC), "active", "valid"),
    ):
        clock.set(moment)
        assert "failed" not in run_due()
        assert (head.permit(permit["id"])["status"], head.standing(permit)) == (status, standing), moment
    (suspended,), (lifted,) = told("licensing.permit.suspended.v1"), told("licensing.permit.suspension_lifted.v1")
    assert (suspended["data"]["suspended_until"], suspended["data"]["reason_code"]) == ("2026-12-31", "duty-not-kept")
    assert notice["text"] not in str(told()) and lifted["subject"] == permit["id"]


def test_the_head_lets_it_stand_again_before_the_last_day(a_shop: Any, head: Any, notice: Any, clock: Any, run_due: Any, told: Any) -> None:
    permit = a_shop()
    begun = head.act(permit, "suspension", {**notice, "reason_code": "safety", "starts_on": "2026-11-24", "ends_on": "2026-12-31"})
    assert begun.json["status"] == "suspended", begun.json
    lifted = head.act(permit, "suspension/lifting")
    assert (lifted.json["status"], lifted.json["measures"][0]["status"]) == ("active", "lifted")
    assert head.act(permit, "suspension/lifting").json["type"] == "/problems/permit-not-suspended"
    clock.set(datetime(2027, 1, 1, 3, tzinfo=UTC))
    run_due()
    assert len(told("licensing.permit.suspension_lifted.v1")) == 1


@pytest.mark.parametrize(
    ("period", "field"),
    [
        ({"starts_on": "2026-12-01", "ends_on": "2026-12-31"}, "starts_on"),
        ({"starts_on": "2026-12-31", "ends_on": "2026-12-30"}, "ends_on"),
        ({"starts_on": "2026-12-02", "ends_on": "2027-05-31"}, "ends_on"),
        ({"starts_on": "2026-02-30", "ends_on": "2026-12-31"}, "starts_on"),
    ],
)
def test_days_that_leave_no_time_to_answer_or_are_no_period_are_refused(
    a_shop: Any, head: Any, notice: Any, period: dict[str, str], field: str
) -> None:
    refused = head.act(a_shop(), "suspension", {**notice, **period})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_a_revocation_is_announced_answered_and_then_done(a_shop: Any, head: Any, notice: Any, desk: Any, told: Any) -> None:
    permit = a_shop()
    assert head.act(permit, "revocation", {"reason_code": "duty-not-kept"}).json["type"] == "/problems/revocation-needs-notice"
    assert head.ask(permit, "answer", body={"text": "Belum."}).json["type"] == "/problems/no-notice-to-answer"
    announced = head.act(permit, "revocation-notice", notice)
    assert announced.json["measures"][0]["answer_until"] == "2026-12-08"
    assert head.act(permit, "revocation-notice", notice).json["type"] == "/problems/measure-announced-already"
    early = head.act(permit, "revocation", {"reason_code": "duty-not-kept"})
    assert (early.status_code, early.json["type"]) == (409, "/problems/answer-period-runs") and "2026-12-08" in early.json["detail"]
    assert head.standing(permit) == "valid"
    (line,) = (one for one in desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"] if one["kind"] == "permit_revocation")
    assert (line["status"], line["deadline"][:10], line["path"]) == ("announced", "2026-12-08", f"/v1/permits/{permit['id']}")
    assert head.ask(permit, "answer", who="siti", body={"text": "Saya?"}).status_code == 404
    assert head.ask(permit, "answer", body={"text": "Sudah kami kosongkan."}).json["measures"][0]["answer"] == "Sudah kami kosongkan."
    done = head.act(permit, "revocation", {"reason_code": "duty-not-kept"})
    assert (done.json["status"], done.json["reason_code"], head.standing(permit)) == ("revoked", "duty-not-kept", "revoked")
    assert head.act(permit, "revocation", {"reason_code": "duty-not-kept"}).status_code == 200
    assert len(told("licensing.permit.revoked.v1")) == 1


def test_after_the_last_day_to_answer_nobody_waits_any_longer(a_shop: Any, head: Any, notice: Any, clock: Any) -> None:
    permit = a_shop()
    head.act(permit, "revocation-notice", notice)
    clock.set(datetime(2026, 12, 8, 17, 1, tzinfo=UTC))
    assert head.act(permit, "revocation", {"reason_code": "duty-not-kept"}).json["status"] == "revoked"


def test_at_once_only_for_the_reasons_that_say_so_and_never_without_words(a_shop: Any, head: Any) -> None:
    permit = a_shop()
    assert list(head.act(permit, "revocation", {"reason_code": "court-order"}).json["errors"]) == ["text"]
    assert list(head.act(permit, "revocation", {"reason_code": "mood", "text": "Begitu."}).json["errors"]) == ["reason_code"]
    assert head.act(permit, "revocation", {"reason_code": "court-order", "text": "Putusan PTUN."}).json["status"] == "revoked"
    for step, body in (("correction", {"changes": {"holder_name": "Budiman"}}), ("suspension", PERIOD), ("revocation-notice", {})):
        refused = head.act(permit, step, {"reason_code": "other", "text": "Terlambat.", **body})
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/permit-not-in-force"), step


def test_an_answer_that_came_meanwhile_makes_the_head_look_again(a_shop: Any, head: Any, notice: Any, desk: Any, clock: Any) -> None:
    permit = a_shop()
    head.act(permit, "revocation-notice", notice)
    kadis = desk.as_("kadis", "head", office="DPMPTSP")
    stale = desk.client.get(f"/v1/permits/{permit['id']}", headers=kadis).headers["ETag"]
    assert head.ask(permit, "answer", body={"text": "Sudah kami kosongkan."}).status_code == 200
    path = f"/v1/permits/{permit['id']}/revocation"
    late = desk.client.post(path, json={"reason_code": "duty-not-kept"}, headers={**kadis, "If-Match": stale})
    assert late.status_code == 412
    assert desk.client.post(path, json={"reason_code": "duty-not-kept"}, headers=kadis).status_code == 428


@pytest.mark.parametrize("step", ["correction", "suspension", "suspension/lifting", "revocation-notice", "revocation"])
def test_only_the_head_does_any_of_it(a_shop: Any, head: Any, step: str, notice: Any) -> None:
    permit = a_shop()
    for role in ("officer", "approver", "citizen"):
        assert head.act(permit, step, notice, role=role).status_code == 403


def test_a_correction_is_a_permit_in_the_place_of_the_old_one(a_shop: Any, head: Any, desk: Any, told: Any) -> None:
    old = a_shop(applicant_name="Budi Siregarr")
    paper = desk.client.get(f"/v1/permits/{old['id']}/document", headers=desk.citizen()).data
    body = {"reason_code": "written-wrongly", "text": "Nama pemegang salah tulis.", "changes": {"holder_name": "Budi Siregar"}}
    answer = head.act(old, "correction", body)
    assert answer.status_code == 201, answer.json
    new, gone = answer.json, head.permit(old["id"])
    assert (new["holder_name"], new["status"], new["valid_until"], new["succession"]) == (
        "Budi Siregar",
        "active",
        old["valid_until"],
        "correction",
    )
    assert (new["predecessor_id"], gone["successor_id"], gone["status"]) == (old["id"], new["id"], "amended")
    assert new["number"] != old["number"] and gone["measures"][0]["text"] == "Nama pemegang salah tulis."
    assert (head.standing(old), head.standing(new)) == ("superseded", "valid")
    assert desk.client.get(f"/v1/permits/{old['id']}/document", headers=desk.citizen()).data == paper
    assert desk.client.get(f"/v1/permits/{new['id']}/document", headers=desk.citizen()).data.startswith(b"%PDF-")
    (amended,) = told("licensing.permit.amended.v1")
    assert (amended["data"]["cause"], amended["data"]["successor_no"]) == ("correction", new["number"])
    (month,) = desk.client.get("/v1/statistics/licensing/permits").json["items"]
    assert month["permits"] == 1  # a correction is not counted again
    assert "Siregar" not in str(amended) and len(told("licensing.permit.issued.v1")) == 1


def test_a_correction_corrects_something_in_medan(a_shop: Any, head: Any) -> None:
    permit, body = a_shop(), {"reason_code": "written-wrongly", "text": "Salah tulis."}
    for changes, field in (
        ({}, "changes"),
        ({"holder_name": "Budi Siregar"}, "changes"),
        ({"kelurahan_code": "11.71.01.1001"}, "changes.kelurahan_code"),
    ):
        refused = head.act(permit, "correction", {**body, "changes": changes})
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert head.permit(permit["id"])["status"] == "active"
