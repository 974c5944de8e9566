"""Work is spread over the officers who are there; another may take it by acting."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

QUEUE = "/v1/work-queues/licensing"


def mine(desk: Any, name: str, *roles: str) -> list[str]:
    answer = desk.client.get(f"{QUEUE}?mine=true", headers=desk.as_(name, *(roles or ("officer",)), office="DPMPTSP"))
    assert all(row["assigned_to_me"] for row in answer.json["items"])
    return [row["id"] for row in answer.json["items"]]


def as_deputy(issuer: Any, sub: str, *roles: str) -> dict[str, str]:
    """Of eko, the examiner, on the day of the token."""
    return {"Authorization": f"Bearer {issuer.token(sub, *roles, office='DPMPTSP', acting_for=['eko'])}"}


def presence(desk: Any, sub: str, present: bool, role: str = "head") -> Any:
    return desk.client.post(
        f"{QUEUE}/officers/{sub}/presence", json={"present": present}, headers=desk.as_("kadis", role, office="DPMPTSP")
    )


def load(desk: Any) -> dict[str, int]:
    answer = desk.client.get(f"{QUEUE}/officers", headers=desk.as_("kadis", "head", office="DPMPTSP"))
    return {row["sub"]: row["open"] for row in answer.json["items"]}


def test_work_is_spread_evenly_over_those_who_are_known(desk: Any) -> None:
    assert mine(desk, "sri") == mine(desk, "tono") == []
    made = [desk.brought_to("submission") for _ in range(4)]
    assert len(set(load(desk).values())) == 1
    assert sorted(mine(desk, "sri") + mine(desk, "tono")) == sorted(made)
    rows = desk.client.get(QUEUE, headers=desk.staff("completeness")).json["items"]
    assert [row["assigned_to_me"] for row in rows].count(True) == 2


def test_what_nobody_could_take_is_given_out_when_somebody_first_asks(desk: Any) -> None:
    ident = desk.brought_to("submission")
    assert mine(desk, "eko", "examiner") == []
    assert mine(desk, "sri") == [ident]


def test_what_an_absent_officer_had_is_spread_anew_at_once(desk: Any) -> None:
    mine(desk, "sri")
    made = [desk.brought_to("submission") for _ in range(2)]
    assert sorted(mine(desk, "sri")) == sorted(made)
    mine(desk, "tono")
    (gone,) = [key for key, count in load(desk).items() if count == 2]
    answer = presence(desk, gone, False)
    assert (answer.status_code, answer.json["present"], answer.json["open"]) == (200, False, 0)
    assert sorted(mine(desk, "tono")) == sorted(made) and mine(desk, "sri") == []
    assert presence(desk, gone, True).json["present"] is True


def test_only_the_head_says_who_is_there_and_only_of_those_who_are_known(desk: Any) -> None:
    assert presence(desk, "nobody", False).status_code == 404
    assert presence(desk, "sri", False, "officer").status_code == 403
    assert desk.client.get(f"{QUEUE}/officers", headers=desk.staff("completeness")).status_code == 403


def test_another_of_the_role_takes_it_by_acting_and_that_is_recorded(desk: Any, session: Session) -> None:
    mine(desk, "tono")
    ident = desk.brought_to("submission")
    assert mine(desk, "tono") == [ident]
    assert desk.step(ident, "completeness").status_code == 200
    kept = session.execute(sa.text("SELECT officer_sub = 'tono', assigned_by FROM assignment WHERE step = 'submitted'")).one()
    assert tuple(kept) == (False, "acted") and mine(desk, "tono") == []


def test_what_is_lent_to_a_deputy_is_given_to_them_on_its_days_only(desk: Any, clock: Any, issuer: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    assert mine(desk, "sri") == []
    deputy = as_deputy(issuer, "sri", "officer", "examiner")
    assert desk.client.get(f"{QUEUE}?mine=true", headers=deputy).json["items"] == []
    (lent, other) = (desk.brought_to("completeness") for _ in range(2))
    assert {row["id"] for row in desk.client.get(f"{QUEUE}?mine=true", headers=deputy).json["items"]} == {lent, other}
    clock.set(datetime(2026, 11, 24, 17, 30, tzinfo=UTC))  # the next day, in Medan
    later = desk.brought_to("completeness")
    assert mine(desk, "tono") == []
    assert set(load(desk).values()) == {0}
    assert set(mine(desk, "eko", "examiner")) == {lent, other, later}


def test_a_deputyship_that_is_ended_early_is_over_with_the_next_token(desk: Any, issuer: Any) -> None:
    mine(desk, "sri")
    deputy = as_deputy(issuer, "sri", "officer", "examiner")
    desk.client.get(f"{QUEUE}?mine=true", headers=deputy)
    ident = desk.brought_to("completeness")
    assert [row["id"] for row in desk.client.get(f"{QUEUE}?mine=true", headers=deputy).json["items"]] == [ident]
    assert mine(desk, "sri") == []
    assert mine(desk, "eko", "examiner") == [ident]


def test_who_examined_is_never_given_the_approval(desk: Any) -> None:
    mine(desk, "eko", "examiner", "approver")
    ident = desk.brought_to("examinations")
    assert mine(desk, "eko", "examiner", "approver") == []
    assert mine(desk, "ani", "approver") == [ident]
