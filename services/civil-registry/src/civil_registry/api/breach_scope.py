"""`reports/civil-registry/accesses`: what an account has seen, for who must tell the people concerned of a breach."""

from datetime import datetime
from typing import Any

from marshmallow import validate

from civil_registry.api.purpose import PurposeQuery
from civil_registry.use_cases import breach_scope as use_cases
from civil_registry.use_cases.breach_scope import Span
from smartcity.access_log import AccessRow
from smartcity.http import Blueprint, Schema, actor, fields, page, session

breaches = Blueprint(
    "breach_scope", description="What did this account see between two moments? For the breach notice of UU 27/2022 Pasal 46."
)


class SpanQuery(PurposeQuery):
    account = fields.String(required=True, validate=validate.Length(1, 100), metadata={"description": "`sub` of the account"})
    since = fields.Moment(required=True)
    until = fields.Moment(required=True, metadata={"description": "Looks before this moment"})


class AccountLookView(Schema):
    at = fields.Moment()
    person = fields.String(metadata={"description": "`sub` of whose data it was; to be told of the breach"})
    record_kind = fields.String()
    record_id = fields.String()
    purpose = fields.String()
    request_id = fields.String()


class KindScopeView(Schema):
    record_kind = fields.String()
    looks = fields.Whole()
    records = fields.Whole()
    first = fields.Moment()
    last = fields.Moment()


class ScopeView(Schema):
    account = fields.String()
    since = fields.Moment()
    until = fields.Moment()
    looks = fields.Whole()
    people = fields.Whole(metadata={"description": "Whose data were seen"})
    by_kind = fields.List(fields.Nested(KindScopeView))


def _span(query: dict[str, Any]) -> Span:
    since: datetime = query["since"]
    span = Span(query["account"], since, query["until"])
    use_cases.must_be_asked_rightly(session(), actor(), span, query.get("purpose"))
    return span


@breaches.get("/reports/civil-registry/accesses")
@breaches.arguments(SpanQuery, location="query")
@breaches.paged(AccountLookView)
def list_accesses(query: dict[str, Any]) -> dict[str, Any]:
    """Every look of an account in a span, oldest first: whose data, which record."""
    return page(use_cases.looks(_span(query)), AccessRow.at, AccessRow.id)


@breaches.get("/reports/civil-registry/accesses/scope")
@breaches.arguments(SpanQuery, location="query")
@breaches.response(200, ScopeView)
def show_breach_scope(query: dict[str, Any]) -> dict[str, Any]:
    """How much an account has seen in a span: looks, people, records by kind."""
    return use_cases.scope(session(), _span(query))
