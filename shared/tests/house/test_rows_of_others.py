"""A list that shows somebody else's rows is found by whoever has nothing; so is one that was played with nothing in it."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Response
from flask.testing import FlaskClient
from stall import SERVICE, Thing, ThingView

from smartcity.http import Blueprint, page, session
from smartcity.http.policy import allow
from smartcity.service import Service
from smartcity.testing.examples import Recorder
from smartcity.testing.intruders import Intruders

holes = Blueprint("holes")


class ShadowView(ThingView):
    """Anybody's."""


@holes.get("/all-things")
@holes.paged(ShadowView)
def list_all_things() -> Any:
    """Everybody's."""
    return page(sa.select(Thing), Thing.id)


@holes.get("/all-things.ics")
@holes.response(200, {"type": "string"}, content_type="text/calendar")
def read_all_days() -> Response:
    """A day for each."""
    count = session().scalar(sa.select(sa.func.count()).select_from(Thing)) or 0
    return Response("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nEND:VEVENT\r\n" * count + "END:VCALENDAR\r\n", mimetype="text/calendar")


READERS = [allow("citizen"), allow("officer"), allow("auditor"), allow("head", office="PASAR")]


@pytest.fixture(scope="module")
def service() -> Service:
    policy = {**SERVICE.policy, "list_all_things": READERS, "read_all_days": READERS}
    return replace(SERVICE, apis=(*SERVICE.apis, holes), policy=policy)


def test_a_list_of_one_s_own_passes(client: FlaskClient, as_: Any, laid_out: Any, recorder: Recorder) -> None:
    laid_out()
    for path in ("/v1/things", "/v1/me/cases"):
        assert client.get(path, headers=as_("siti", "citizen")).status_code == 200
    assert Intruders(recorder).wrong() == []


@pytest.mark.parametrize(("path", "name"), [("/v1/all-things", "list_all_things"), ("/v1/all-things.ics", "read_all_days")])
def test_rows_of_others_are_found(client: FlaskClient, as_: Any, laid_out: Any, recorder: Recorder, path: str, name: str) -> None:
    """Not those of an auditor, whom no line binds to an office, nor those of an office that the policy names."""
    laid_out()
    client.get(path, headers=as_("siti", "citizen"))
    assert Intruders(recorder).wrong() == [f"{name}: {role} of NOWHERE sees 1 rows of others" for role in ("citizen", "officer")]


def test_a_list_that_was_played_empty_shows_nothing_and_is_named(client: FlaskClient, as_: Any, recorder: Recorder) -> None:
    client.get("/v1/things", headers=as_("siti", "citizen"))
    assert Intruders(recorder).wrong() == ["list_things: what was played lists nothing"]


def test_a_service_without_cases_shows_none(client: FlaskClient, as_: Any, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/v1/me/cases", headers=as_("siti", "citizen"))
    assert Intruders(recorder).wrong() == ["show_my_cases: what was played lists nothing"]
    monkeypatch.setitem(recorder.app.extensions, "smartcity.service", replace(SERVICE, cases=()))
    assert Intruders(recorder).wrong() == []
