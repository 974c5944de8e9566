"""Everybody whom the policy lets in must get in; a refusal that the policy does not tell is found."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from stall import SERVICE

from smartcity.errors import NotFound
from smartcity.http import cases
from smartcity.http.policy import allow
from smartcity.service import Service
from smartcity.testing.examples import Recorder
from smartcity.testing.insiders import Insiders


@pytest.fixture(scope="module")
def service() -> Service:
    """Its officers may look, and none but them sees the list."""
    return replace(SERVICE, policy={**SERVICE.policy, "list_things": [allow("citizen"), allow("auditor", office="PASAR")]})


@pytest.fixture
def played(client: FlaskClient, recorder: Recorder, as_: Any, laid_out: Any) -> Recorder:
    siti, path = as_("siti", "citizen"), f"/v1/things/{laid_out()['id']}"
    for page in ("/v1/things", path, "/v1/me/cases"):
        assert client.get(page, headers=siti).status_code == 200
    assert client.post(f"{path}/sale", headers=siti).status_code == 200
    return recorder


def cells(played: Recorder) -> set[tuple[str, str, bool]]:
    return {(name, grant.role, grant.own) for name, _, grant in Insiders(played).cells()}


def test_every_way_in_is_tried_by_the_owner_and_by_the_office_of_the_very_thing(played: Recorder) -> None:
    assert {("show_thing", "citizen", True), ("show_thing", "officer", False), ("list_things", "auditor", False)} <= cells(played)
    assert (played.calls["show_thing"].owner, played.calls["show_thing"].office) == ("siti", "PASAR")
    heard = dict(played.heard)
    assert Insiders(played).wrong() == [] and played.heard == heard, "what they try is no example"


@pytest.mark.parametrize(("refused", "line"), [
    ("siti", "show_thing: citizen with their own of SOMEWHERE is 404"), ("office", "show_thing: officer of PASAR is 404"),
])  # fmt: skip
def test_who_is_kept_out_of_their_own_or_of_their_office_s_is_found(
    played: Recorder, monkeypatch: pytest.MonkeyPatch, refused: str, line: str
) -> None:
    usual = cases.permitted

    def narrower(entity: Any) -> Any:
        from flask import g

        if g.actor.sub == refused or (refused == "office" and g.actor.office == "PASAR"):
            raise NotFound()
        return usual(entity)

    monkeypatch.setattr(cases, "permitted", narrower)
    assert line in Insiders(played).wrong()


def test_an_exception_that_is_none_is_found(played: Recorder) -> None:
    assert Insiders(played, ["show_thing: officer"]).wrong() == ["show_thing: officer is let in and excepted"]
