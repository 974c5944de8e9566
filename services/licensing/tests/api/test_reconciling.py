"""The office reconciles what the national systems were told: by state, sent again or settled, each time with a reason."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.use_cases import forwarding
from smartcity import clock as city_clock
from smartcity import due

SHOP = {"nib": "8120001234567"}


def test_a_refused_permit_is_sent_again_when_an_officer_says_why(
    a_shop: Any, share: Any, run_due: Any, clock: Any, standing: Any, mend: Any
) -> None:
    share.mount()
    permit = a_shop(**SHOP)
    run_due()
    share.bring(permit, status="refused", reason="nib-unknown")
    clock.advance(minutes=5)
    run_due()
    assert (standing(permit)["status"], standing(permit)["last_reason"]) == ("refused", "nib-unknown")
    clock.advance(days=30)
    assert run_due() == [] or standing(permit)["status"] == "refused"
    share.clear()
    again = mend(permit, "send_again")
    assert (again.status_code, again.json["status"], again.json["attempts"], again.json["last_reason"]) == (200, "not_forwarded", 0, None)
    run_due()
    assert standing(permit)["status"] == "forwarded"
    assert [(step["status"], step["by_officer"]) for step in standing(permit)["steps"]] == [
        ("forwarded", False), ("refused", False), ("not_forwarded", True), ("forwarded", False),
    ]  # fmt: skip


def test_an_officer_does_not_wait_until_the_system_has_rested(a_shop: Any, share: Any, run_due: Any, standing: Any, mend: Any) -> None:
    permit = a_shop(**SHOP)
    run_due()
    share.mount()
    run_due()
    assert standing(permit)["status"] == "not_forwarded", "it rests"
    mend(permit, "send_again")
    run_due()
    assert standing(permit)["status"] == "forwarded"


def test_what_was_entered_by_hand_is_settled_and_never_sent(
    a_shop: Any, share: Any, run_due: Any, clock: Any, standing: Any, mend: Any, session: Session
) -> None:
    permit = a_shop(**SHOP)
    run_due()
    settled = mend(permit, "settle", reference="OSS-9")
    assert (settled.json["status"], settled.json["reference"]) == ("acknowledged", "OSS-9")
    assert settled.json["steps"][0]["reason"] == "Dicek di OSS."
    share.mount()
    clock.advance(days=1)
    run_due()
    assert not share.fetched()
    assert mend(permit, "send_again").json["type"] == "/problems/forwarding-acknowledged"
    assert mend(permit, "settle").json["type"] == "/problems/forwarding-acknowledged"
    assert session.scalar(sa.select(sa.func.count()).where(due.DueWork.kind == forwarding.FORWARD)) == 0


@pytest.mark.parametrize(
    ("body", "field"), [({"action": "forget", "reason": "abc"}, "action"), ({"action": "settle"}, "reason"), ({"reason": "abc"}, "action")]
)
def test_a_word_that_is_not_one_or_gives_no_reason_is_refused(
    a_shop: Any, share: Any, desk: Any, ask_office: Any, body: dict[str, str], field: str
) -> None:
    path = f"{a_shop(**SHOP)['id']}/forwarding"
    headers = {**desk.as_("sri", "officer", office="DPMPTSP"), "If-Match": ask_office(path).headers["ETag"]}
    answer = desk.client.post(f"/v1/permits/{path}", json=body, headers=headers)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_what_two_officers_mend_at_once_only_one_does(a_shop: Any, share: Any, desk: Any, ask_office: Any) -> None:
    path = f"{a_shop(**SHOP)['id']}/forwarding"
    officer, read = desk.as_("sri", "officer", office="DPMPTSP"), ask_office(path).headers["ETag"]

    def settle(**headers: str) -> int:
        body = {"action": "settle", "reason": "Sudah ada di OSS."}
        return int(desk.client.post(f"/v1/permits/{path}", json=body, headers={**officer, **headers}).status_code)

    assert settle() == 428
    assert [settle(**{"If-Match": read}) for _ in range(2)] == [200, 412]


def test_the_list_is_the_office_s_by_state(a_shop: Any, share: Any, run_due: Any, ask_office: Any, mend: Any) -> None:
    first, second = a_shop(**SHOP), a_shop(**SHOP)
    run_due()
    mend(first, "settle")

    def listed(query: str = "", **who: Any) -> list[str]:
        return [line["permit_id"] for line in ask_office(f"forwarding{query}", **who).json["items"]]

    assert listed() == [second["id"], first["id"]]
    assert listed("?status=not_forwarded") == [second["id"]]
    assert listed("?status=acknowledged", role="auditor", office=None) == [first["id"]]
    assert ask_office("forwarding?status=lost").status_code == 422


@pytest.mark.parametrize(("role", "other", "status"), [("citizen", None, 403), ("officer", "DLH", 403), ("agency", "BPN", 403)])
def test_nobody_else_sees_it(a_shop: Any, share: Any, ask_office: Any, role: str, other: str | None, status: int) -> None:
    permit = a_shop(**SHOP)
    assert ask_office("forwarding", role, other).status_code == status
    assert ask_office(f"{permit['id']}/forwarding", role, other).status_code in (403, 404)


@pytest.mark.parametrize("role", ["examiner", "approver", "auditor"])
def test_only_an_officer_or_the_head_mends_it(a_shop: Any, share: Any, mend: Any, role: str) -> None:
    assert mend(a_shop(**SHOP), "settle", role=role).status_code == 403


def test_the_age_of_what_nobody_has_taken_is_watched(a_shop: Any, share: Any, standing: Any, session: Session, mend: Any) -> None:
    assert forwarding.oldest_not_forwarded(session, city_clock.now()) == 0
    permits = [a_shop(**SHOP), a_shop(**SHOP)]
    later = min(datetime.fromisoformat(standing(permit)["queued_at"]) for permit in permits) + timedelta(hours=3)
    assert forwarding.oldest_not_forwarded(session, later) == 3 * 3600
    for permit in permits:
        mend(permit, "settle")
    assert forwarding.oldest_not_forwarded(session, later) == 0
