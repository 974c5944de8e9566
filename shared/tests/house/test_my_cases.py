"""This office's part of `me/cases`: mine, and how each can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stall import SERVICE, Thing, thing, thing_line, things_of

from smartcity.http.kernel_api import Cases
from smartcity.service import Service
from smartcity.testing.pages import pages

Headers = Callable[..., dict[str, str]]
SOLD = Cases(lambda sub: things_of(sub).where(Thing.number.is_not(None)), Thing.id, lambda one: replace(thing_line(one), kind="sale"))


@pytest.fixture(scope="module")
def service() -> Service:
    """A thing that is sold is a case of its own too, with the same id."""
    return replace(SERVICE, cases=(*SERVICE.cases, SOLD))


def test_a_case_says_how_it_can_be_taken_back_and_that_it_cannot_any_more(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    sold, kept = laid_out("durian"), laid_out("rambutan")
    assert client.post(f"/v1/things/{sold['id']}/sale", headers=as_("siti", "citizen")).status_code == 200
    lines = client.get("/v1/me/cases", headers=as_("siti", "citizen")).json["cases"]
    said = {line["id"]: line for line in lines if line["kind"] == "thing"}
    assert said[sold["id"]]["withdrawal"] is None
    assert said[kept["id"]]["withdrawal"] == {"path": f"/v1/things/{kept['id']}/withdrawal", "reason_codes": ["rained-off", "other"]}
    assert client.get("/v1/me/cases", headers=as_("budi", "citizen")).json["cases"] == []


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_page_by_page_every_case_comes_once_newest_first_while_others_are_filed(
    client: FlaskClient, as_: Headers, session: Session, limit: int
) -> None:
    made = [thing(owner_sub=("siti", "company-7")[n % 2], number=f"T-{n}" if n % 3 else None) for n in range(9)]
    session.add_all([*made, thing(owner_sub="budi")])
    session.commit()
    expected = [(kind, str(one.id)) for one in reversed(made) for kind in (("thing", "sale") if one.number else ("thing",))]

    shown = []
    for page in pages(client, "/v1/me/cases", as_("siti", "citizen", companies=["company-7"]), limit):
        shown.append([(line["kind"], line["id"]) for line in page])
        session.add(thing(owner_sub="siti", number=f"T-{thing().id}"))
        session.commit()
    assert [line for page in shown for line in page] == expected
    assert {len(page) for page in shown[:-1]} <= {limit}


def test_a_cursor_of_another_list_is_refused(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    laid_out(), laid_out()
    siti = as_("siti", "citizen")
    cursor = client.get("/v1/things?limit=1", headers=siti).json["next"]
    assert client.get(f"/v1/me/cases?cursor={cursor}", headers=siti).json["errors"].keys() == {"cursor"}
    assert client.get("/v1/me/cases?limit=201", headers=siti).status_code == 422


def test_the_documentation_says_that_a_case_may_not_be_taken_back(client: FlaskClient) -> None:
    schema = client.get("/openapi.json").json["components"]["schemas"]["CaseView"]["properties"]["withdrawal"]
    assert {"type": "null"} in schema["anyOf"]
