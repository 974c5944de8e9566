"""Separation of duties holds across deputies: who acted, and in whose name, are compared as sets."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity import clock, duties
from smartcity.errors import RuleBroken
from smartcity.http.auth import Actor
from smartcity.testing.tokens import Issuer

CASE = "case-1"


def deputy(sub: str, *principals: str) -> Actor:
    return Actor(sub, frozenset({"examiner", "approver"}), "PASAR", acting_for=frozenset(principals))


@pytest.mark.parametrize(("examined", "approves", "refused"), [
    (deputy("eko"), deputy("ani"), False),
    (deputy("eko"), deputy("eko"), True),
    (deputy("eko"), deputy("ani", "eko"), True),  # the deputy of who examined
    (deputy("ani", "eko"), deputy("eko"), True),  # whose deputy examined
    (deputy("ani", "eko"), deputy("ani"), True),  # who examined as a deputy, and no longer is one
    (deputy("ani", "eko"), deputy("udin", "eko"), True),  # two deputies of one person
    (deputy("ani", "eko"), deputy("udin", "rio"), False),
    (deputy("ani"), deputy("eko"), False),  # whose deputy was none at that moment
])  # fmt: skip
def test_two_acts_are_of_different_people_only_when_nobody_stands_behind_both(
    session: Session, examined: Actor, approves: Actor, refused: bool
) -> None:
    duties.done(session, examined, CASE, "examined", clock.now())
    if not refused:
        return duties.must_be_another(session, approves, CASE, "examined", code="another-person-must")
    with pytest.raises(RuleBroken, match="another-person-must"):
        duties.must_be_another(session, approves, CASE, "examined", code="another-person-must")


def test_other_cases_and_other_duties_bind_nobody(session: Session) -> None:
    duties.done(session, deputy("eko"), CASE, "examined", clock.now())
    duties.must_be_another(session, deputy("eko"), "case-2", "examined", code="x")
    duties.must_be_another(session, deputy("eko"), CASE, "approved", code="x")
    assert duties.hands(session, CASE, "examined", "approved") == {"eko"}


def test_it_is_kept_who_acted_and_in_whose_name_once(session: Session) -> None:
    for _ in range(2):
        duties.done(session, deputy("ani", "eko"), CASE, "examined", clock.now())
    kept = session.execute(sa.select(duties.DutyDone.sub, duties.DutyDone.person).order_by(duties.DutyDone.person)).all()
    assert [tuple(row) for row in kept] == [("ani", "ani"), ("ani", "eko")]


def test_what_is_asked_is_read_from_the_key(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    asked = "EXPLAIN SELECT person FROM duty_done WHERE subject = 'x' AND duty IN ('examined', 'verified')"
    assert "duty_done_pkey" in "\n".join(session.scalars(sa.text(asked)))


@pytest.mark.parametrize(("claim", "known"), [
    (["eko", "rio"], {"eko", "rio"}), (["siti"], set()), ([], set()), (None, set()), ("eko", set()), ([1, "", {"sub": "eko"}], set()),
])  # fmt: skip
def test_a_token_says_for_whom_its_bearer_acts_and_one_of_another_issuer_need_not(claim: Any, known: set[str]) -> None:
    issuer = Issuer()
    actor = issuer.verifier().actor(issuer.token("siti", "officer", acting_for=claim))
    assert (actor.acting_for, actor.acts_as) == (known, {"siti"} | known)
    assert issuer.verifier().actor(issuer.token("siti", "officer")).acting_for == frozenset()
