"""What is nested without end is found wherever a service takes it, and wherever it breaks of it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient
from stall import SERVICE, SupplierView

from smartcity.http import Blueprint, Schema, fields
from smartcity.http.policy import anyone
from smartcity.service import Service
from smartcity.testing.examples import Recorder
from smartcity.testing.intruders import Intruders

holes = Blueprint("holes")
outside = Blueprint("outside", prefix="/weights")
FORM = {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"sum": {"type": "string"}}}}}}


class LooseQuery(Schema):
    sort = fields.String()


class StrictQuery(Schema):
    sort = fields.Code()


@holes.get("/scales")
@holes.arguments(LooseQuery, location="query")
@holes.response(200, SupplierView)
def list_scales(query: dict[str, Any]) -> dict[str, str]:
    """Takes a word of any length."""
    return {"sub": "scale"}


@holes.get("/shelves")
@holes.arguments(StrictQuery, location="query")
@holes.response(200, SupplierView)
def list_shelves(query: dict[str, Any]) -> dict[str, str]:
    return {"sub": "shelf"}


@holes.get("/scales/<string:scale>")
@holes.response(200, SupplierView)
def show_scale(scale: str) -> dict[str, str]:
    """There is every scale."""
    return {"sub": "scale"}


@outside.post("/sums")
@outside.doc(requestBody=FORM)
@outside.response(200, SupplierView)
def add_up() -> dict[str, str]:
    """Reads what a field holds, as deep as it goes."""
    return {"sub": str(json.loads(request.form["sum"]))}


@pytest.fixture(scope="module")
def service() -> Service:
    names = ("list_scales", "list_shelves", "show_scale", "add_up")
    return replace(SERVICE, apis=(*SERVICE.apis, holes, outside), policy={**SERVICE.policy, **{name: [anyone] for name in names}})


def test_a_value_that_is_taken_at_any_depth_is_found_and_one_that_is_refused_is_not(client: FlaskClient, recorder: Recorder) -> None:
    assert all(client.get(path).status_code == 200 for path in ("/v1/scales", "/v1/shelves", "/v1/scales/1"))
    assert Intruders(recorder).wrong() == [
        "list_scales: the parameter sort 10,000 deep is 200", "show_scale: the part scale of the path 10,000 deep is 200",
    ]  # fmt: skip


def test_a_name_that_is_passed_over_is_found(client: FlaskClient, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/v1/shelves")
    monkeypatch.setattr("smartcity.http.app._refuse_unknown_query", lambda _: None)
    assert "list_shelves: the name sort 10,000 deep is 200" in Intruders(recorder).wrong()


def test_a_partner_s_operation_that_breaks_of_a_field_is_found(client: FlaskClient, recorder: Recorder) -> None:
    assert client.post("/weights/sums", data={"sum": "1"}).status_code == 200
    assert "add_up: the field sum 10,000 deep is 500" in Intruders(recorder).wrong()
