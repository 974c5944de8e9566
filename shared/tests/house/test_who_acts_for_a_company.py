"""A company owns what its people file for it: whoever acts for it by their token reaches it, nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stall import thing

from smartcity.http.auth import Actor
from smartcity.testing.tokens import Issuer

Headers = Callable[..., dict[str, str]]
COMPANY = "company-7"


@pytest.fixture
def company_s(session: Session) -> str:
    """Something of the company's."""
    laid_out = thing(owner_sub=COMPANY)
    session.add(laid_out)
    session.commit()
    return f"/v1/things/{laid_out.id}"


def test_what_a_company_owns_is_open_to_whoever_acts_for_it(client: FlaskClient, as_: Headers, company_s: str) -> None:
    assert client.get(company_s, headers=as_("siti", "citizen", companies=[COMPANY])).status_code == 200
    assert client.post(f"{company_s}/sale", headers=as_("siti", "citizen", companies=[COMPANY])).status_code == 200


@pytest.mark.parametrize("companies", [[], ["company-8"]])
def test_it_does_not_exist_for_anybody_else(client: FlaskClient, as_: Headers, company_s: str, companies: list[str]) -> None:
    assert client.get(company_s, headers=as_("siti", "citizen", companies=companies)).status_code == 404


def test_acting_for_a_company_is_no_role(client: FlaskClient, as_: Headers, company_s: str) -> None:
    assert client.get(company_s, headers=as_("siti", "agency", companies=[COMPANY])).status_code == 403


@pytest.mark.parametrize(
    "claim",
    [
        "company-7", [COMPANY], {"sub": COMPANY, "role": "owner"}, [{"sub": COMPANY}], [{"sub": COMPANY, "role": "visitor"}],
        [{"sub": COMPANY, "role": ["owner"]}], [{"sub": [COMPANY], "role": "owner"}], [{"sub": "", "role": "owner"}], None,
    ],
)  # fmt: skip
def test_a_claim_that_is_not_ours_acts_for_nobody(claim: Any) -> None:
    issuer = Issuer()
    assert issuer.verifier().actor(issuer.token("siti", "citizen", companies=claim)).companies == frozenset()


def test_the_owner_and_the_staff_act_and_their_own_sub_comes_first() -> None:
    issuer = Issuer()
    claim = [{"sub": "b", "role": "staff"}, {"sub": "a", "role": "owner"}]
    actor = issuer.verifier().actor(issuer.token("siti", "citizen", companies=claim))
    assert actor.subs == ("siti", "a", "b")
    assert actor.owns("a") and actor.owns("siti") and not actor.owns("c") and not actor.owns(None)


def test_who_acts_for_nobody_owns_only_their_own() -> None:
    assert Actor("siti").subs == ("siti",) and not Actor("siti").owns(COMPANY)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_the_things_of_several_owners_are_one_list_page_by_page(client: FlaskClient, as_: Headers, session: Session, limit: int) -> None:
    owners = ["siti", COMPANY, "company-8", "company-9", "siti", COMPANY, COMPANY]
    made = [thing(owner_sub=owner) for owner in owners]
    session.add_all(made)
    session.commit()
    seen, following = list[str](), ""
    while following is not None:
        headers = as_("siti", "citizen", companies=[COMPANY, "company-8"])
        answer = client.get(f"/v1/things?limit={limit}" + (f"&cursor={following}" if following else ""), headers=headers).json
        assert len(answer["items"]) <= limit
        seen, following = seen + [one["id"] for one in answer["items"]], answer["next"]
    assert seen == [str(one.id) for one in made if one.owner_sub != "company-9"]
