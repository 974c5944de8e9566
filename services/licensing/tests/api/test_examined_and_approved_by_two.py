"""Nobody approves what they examined: not by a deputy, and not as somebody's deputy."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session


def acting(issuer: Any, sub: str, role: str, *for_: str) -> dict[str, str]:
    """Headers of somebody of the office, on a day on which they act for others."""
    return {"Authorization": f"Bearer {issuer.token(sub, role, office='DPMPTSP', acting_for=list(for_))}"}


@pytest.fixture
def complete(desk: Any) -> str:
    return str(desk.brought_to("completeness"))


@pytest.mark.parametrize(("examiner", "examines_for", "approver", "approves_for", "status"), [
    ("eko", (), "ani", (), 200),
    ("eko", (), "eko", (), 409),
    ("eko", (), "ani", ("eko",), 409), # whose deputy examined it
    ("eko", (), "eko", ("ani",), 409), # the examiner as the approver's deputy
    ("dwi", ("ani",), "ani", (), 409), # examined in her own name
    ("dwi", ("ani",), "eko", ("ani",), 409),
    ("dwi", ("eko",), "ani", (), 200),
    ("dwi", ("eko",), "ani", ("sari",), 200),
])  # fmt: skip
def test_whoever_stands_behind_the_examination_does_not_stand_behind_the_approval(
    desk: Any,
    issuer: Any,
    complete: str,
    examiner: str,
    examines_for: tuple[str, ...],
    approver: str,
    approves_for: tuple[str, ...],
    status: int,
) -> None:
    def step(name: str, who: dict[str, str]) -> Any:
        return desk.step(complete, name, headers={**who, **desk.etag(complete)})

    assert step("examinations", acting(issuer, examiner, "examiner", *examines_for)).status_code == 201
    answer = step("approval", acting(issuer, approver, "approver", *approves_for))
    assert answer.status_code == status, answer.json
    if status == 409:
        assert answer.json["type"] == "/problems/approver-has-examined"
        assert desk.show(complete)["status"] == "in_examination"


def test_a_deputyship_that_is_over_still_counts_for_what_was_done_in_it(desk: Any, issuer: Any, complete: str) -> None:
    done = desk.step(complete, "examinations", headers={**acting(issuer, "dwi", "examiner", "ani"), **desk.etag(complete)})
    assert done.status_code == 201
    refused = desk.step(complete, "approval", headers={**acting(issuer, "ani", "approver"), **desk.etag(complete)})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/approver-has-examined")


def test_an_examination_from_before_duties_were_kept_counts_too(desk: Any, issuer: Any, complete: str, session: Session) -> None:
    assert desk.step(complete, "examinations", headers={**acting(issuer, "eko", "examiner"), **desk.etag(complete)}).status_code == 201
    session.execute(sa.text("DELETE FROM duty_done"))
    session.commit()
    refused = desk.step(complete, "approval", headers={**acting(issuer, "ani", "approver", "eko"), **desk.etag(complete)})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/approver-has-examined")
    assert desk.step(complete, "approval", headers={**acting(issuer, "ani", "approver"), **desk.etag(complete)}).status_code == 200
