"""`complaint-categories`, `routing-rules`: what can be complained of, and who has it in hand."""

from typing import Any

from complaints.api.complaints import label
from complaints.model.routing_rule import RoutingRule
from complaints.use_cases import routing
from complaints.use_cases.categories import categories, groups
from complaints.use_cases.questions import titled
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, page, session, shown

tables = Blueprint("tables", description="Categories, and the offices in charge.")


class CategoryView(Schema):
    code = fields.String()
    label = fields.String()
    office = fields.String()
    urgency = fields.String()
    answer_days = fields.Whole()
    proof = fields.Boolean()
    elsewhere = fields.String(allow_none=True)
    parent = fields.String(allow_none=True)
    questions = fields.Dict(allow_none=True, metadata={"description": "JSON Schema of `answers` when filing"})


class GroupView(Schema):
    code = fields.String()
    label = fields.String()
    parent = fields.String(allow_none=True)


class CategoriesView(Schema):
    groups = fields.List(fields.Nested(GroupView))
    items = fields.List(fields.Nested(CategoryView))


class RoutingRuleRequest(Schema):
    category = fields.Code(required=True)
    kecamatan_code = fields.Code()
    office = fields.Code(required=True)
    valid_from = fields.Day(required=True)
    valid_to = fields.Day()


class RoutingRuleView(Schema):
    id = fields.UUID()
    category = fields.String()
    kecamatan_code = fields.String(allow_none=True)
    office = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)
    made_at = fields.Moment()


class RoutingQuery(Schema):
    category = fields.Code()


@tables.get("/complaint-categories")
@tables.response(200, CategoriesView)
def list_complaint_categories() -> dict[str, Any]:
    """What can be complained of, and within how many working days it is answered."""
    return {
        "groups": [{"code": code, "label": label(f"category.{code}"), "parent": parent} for code, parent in groups().items()],
        "items": [{**vars(one), "label": label(one.label_code), "questions": titled(one.code, label)} for one in categories().values()],
    }


@tables.get("/routing-rules")
@tables.arguments(RoutingQuery, location="query")
@tables.paged(RoutingRuleView)
def list_routing_rules(query: dict[str, Any]) -> dict[str, Any]:
    """The coordinator's rules, newest first."""
    return page(routing.listed(query.get("category")), RoutingRule.id.desc())


@tables.post("/routing-rules")
@idempotent
@tables.arguments(RoutingRuleRequest)
@tables.response(201, RoutingRuleView)
def lay_down_routing_rule(request: dict[str, Any]) -> RoutingRule:
    """Another office from a day on, everywhere or in one kecamatan."""
    return shown(routing.lay_down(session(), actor(), request, now()))
