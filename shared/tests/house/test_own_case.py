"""Nobody decides their own case: not for themselves, not as the deputy of who has a part in it, not as their company's person."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from stall import SERVICE, Thing

from smartcity.http.app import CityFlask
from smartcity.http.policy import allow
from smartcity.service import Service
from smartcity.testing.examples import Recorder
from smartcity.testing.intruders import Intruders

SELLERS = [allow("officer", office=True, others=True), allow("head", office=True)]


@pytest.fixture(scope="module")
def service() -> Service:
    """Its officers sell other people's things; its head may sell their own."""
    return replace(SERVICE, policy={**SERVICE.policy, "sell_thing": SELLERS})


@pytest.fixture
def sell(client: FlaskClient, issuer: Any, laid_out: Any) -> Any:
    """`sell("siti", "officer")`: a thing of siti's."""
    path = f"/v1/things/{laid_out()['id']}/sale"

    def sold(sub: str, *roles: str, **claims: Any) -> Any:
        token = issuer.token(sub, *roles, office="PASAR", **claims)
        return client.post(path, headers={"Authorization": f"Bearer {token}", "If-Match": "*"})

    return sold


SITI_S = [{"sub": "siti", "role": "staff"}]


@pytest.mark.parametrize(("sub", "claims"), [("siti", {}), ("eko", {"acting_for": ["siti"]}), ("eko", {"companies": SITI_S})])
def test_who_has_a_part_in_a_case_is_sent_to_another(sell: Any, sub: str, claims: dict[str, Any]) -> None:
    answer = sell(sub, "officer", **claims)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/own-case")
    assert answer.json["detail"]
    assert sell("eko", "officer").status_code == 200


def test_another_s_deputy_decides_and_so_does_who_comes_in_another_way(sell: Any) -> None:
    assert sell("siti", "officer", "head").status_code == 200
    assert sell("eko", "officer", acting_for=["ani"]).json["type"] == "/problems/thing-sold"


def test_another_office_hears_of_no_case_at_all(client: FlaskClient, as_: Any, laid_out: Any) -> None:
    headers = {**as_("siti", "officer", office="TAMAN"), "If-Match": "*"}
    assert client.post(f"/v1/things/{laid_out()['id']}/sale", headers=headers).status_code == 404


def test_where_it_is_nobody_s_business_whose_it_is_the_deputy_learns_nothing(sell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Thing, "hides_parties", True)
    assert sell("siti", "officer").json["type"] == "/problems/own-case"
    assert sell("eko", "officer", acting_for=["siti"]).status_code == 200


@pytest.fixture
def played(recorder: Recorder, sell: Any) -> Recorder:
    assert sell("eko", "officer").status_code == 200
    return recorder


def test_the_intruders_try_every_such_grant(played: Recorder, app: CityFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Intruders(played).wrong() == []
    meant = list(app.policy["sell_thing"])
    monkeypatch.setattr(app, "policy", {**app.policy, "sell_thing": [replace(grant, others=False) for grant in meant]})
    monkeypatch.setattr(Intruders, "grants", lambda _, name: meant if name == "sell_thing" else list(app.policy[name]))
    assert Intruders(played).wrong() == [
        f"sell_thing: officer who is {who} is 409, not sent to another" for who in ("a party", "a party's deputy", "of the party's company")
    ]


def test_a_grant_that_could_not_be_tried_is_named(client: FlaskClient, as_: Any, key: Any, recorder: Recorder) -> None:
    found = client.post("/v1/found-things", json={"name": "durian", "price": 1}, headers=key())
    headers = {**as_("eko", "officer", office="PASAR"), "If-Match": "*"}
    assert client.post(f"/v1/things/{found.json['id']}/sale", headers=headers).status_code == 200
    assert "sell_thing: officer must not decide their own, and what was played is nobody's" in Intruders(recorder).wrong()
