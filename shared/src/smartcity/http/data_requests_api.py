"""A person's rights, answered by every office that has something of people: `me/data-requests`, and the office's list of them."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g
from marshmallow import validate

from smartcity import access_log, data_requests
from smartcity.data_requests import DataRequest, Standing
from smartcity.http import fields
from smartcity.http.app import now_of_request
from smartcity.http.blueprint import Blueprint, Schema
from smartcity.http.cases import case, shown
from smartcity.http.idempotency import idempotent
from smartcity.http.kernel_api import own_door
from smartcity.http.paging import page
from smartcity.http.policy import Grant, Policy, signed_in

MINE, QUEUE = "/me/data-requests", "/work-queues/<string:service>/data-requests"
OWN = Grant("signed-in", own=True)
requests = Blueprint("data_requests", description="Your rights to what this office has of you: a copy, and correction.")


def policy(answered_by: Any) -> Policy:
    """Who may: a person for themselves; `answered_by` for the office."""
    mine: Policy = {
        "list_my_data_requests": [signed_in],
        "ask_for_my_data": [signed_in],
        "ask_for_correction": [signed_in],
        "take_my_data": [OWN],
    }
    return {**mine, **dict.fromkeys(("list_data_requests", "show_data_request", "answer_data_request"), answered_by)}


class DataRequestView(Schema):
    id = fields.UUID()
    kind = fields.String()
    status = fields.String()
    asked_at = fields.Moment()
    due_at = fields.Moment(metadata={"description": "3 × 24 hours after it was asked (UU 27/2022)."})
    about = fields.String(allow_none=True)
    answered_at = fields.Moment(allow_none=True)


class MyDataRequestView(DataRequestView):
    wish = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class FullDataRequestView(MyDataRequestView):
    owner_sub = fields.String()


class DataCorrectionRequest(Schema):
    about = fields.Text(min=1, max=200, required=True)
    wish = fields.Text(min=1, max=2000, required=True)


class DataAnswerRequest(Schema):
    outcome = fields.String(required=True, validate=validate.OneOf(["done", "refused"]))
    reason = fields.Text(min=1, max=2000, required=True)


class DataCopyView(Schema):
    made_at = fields.String()
    records = fields.Dict()
    looks = fields.List(fields.Dict())


@requests.get(MINE)
@requests.paged(MyDataRequestView)
def list_my_data_requests() -> dict[str, Any]:
    """My requests about my data at this office, newest first."""
    return page(sa.select(DataRequest).where(DataRequest.owner_sub == g.actor.sub), DataRequest.asked_at.desc(), DataRequest.id.desc())


@requests.post(MINE)
@idempotent
@requests.response(201, MyDataRequestView)
def ask_for_my_data() -> DataRequest:
    """Ask for a copy of what is kept of me at this office, with who looked at it."""
    return shown(data_requests.ask_for_copy(g.session, g.actor.sub, now_of_request()))


@requests.post(f"{MINE}/<string:service>")
@idempotent
@requests.arguments(DataCorrectionRequest)
@requests.response(201, MyDataRequestView)
def ask_for_correction(request: dict[str, str], service: str) -> DataRequest:
    """Ask an office to correct what it has of me."""
    own_door(service)
    return shown(data_requests.ask_for_correction(g.session, g.actor.sub, now=now_of_request(), **request))


@requests.get(f"{MINE}/<string:service>/<uuid:request_id>")
@requests.response(200, DataCopyView)
def take_my_data(service: str, request_id: UUID) -> Any:
    """The copy that was asked for, once it is gathered."""
    own_door(service)
    return case(DataRequest, request_id).taken()


@requests.get(QUEUE)
@requests.paged(DataRequestView)
def list_data_requests(service: str) -> dict[str, Any]:
    """What people wait for, the earliest deadline first."""
    own_door(service)
    return page(sa.select(DataRequest).where(DataRequest.status == Standing.ASKED), DataRequest.due_at, DataRequest.id)


@requests.get(f"{QUEUE}/<uuid:request_id>")
@requests.response(200, FullDataRequestView)
def show_data_request(service: str, request_id: UUID) -> DataRequest:
    """One request, with whose it is."""
    own_door(service)
    found = case(DataRequest, request_id)
    access_log.record(g.session, g.actor, found.owner_sub, ("data_request", str(found.id)), "data-request")
    return found


@requests.post(f"{QUEUE}/<uuid:request_id>/answer")
@requests.arguments(DataAnswerRequest)
@requests.response(200, FullDataRequestView)
def answer_data_request(request: dict[str, str], service: str, request_id: UUID) -> DataRequest:
    """The correction is made, or refused with the reason."""
    own_door(service)
    found = case(DataRequest, request_id)
    found.answer(Standing(request["outcome"]), request["reason"], g.actor.sub, now_of_request())
    return found
