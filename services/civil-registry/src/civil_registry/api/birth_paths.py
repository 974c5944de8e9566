"""`birth-registrations/paths`: the ways to a certificate and the papers each accepts."""

from typing import Any

from civil_registry.use_cases.registry_data import birth_paths
from smartcity.http import Blueprint, Schema, fields

paths = Blueprint("birth_paths", description="Ways to a birth certificate: data, each with its legal basis. Nothing else may be demanded.")


class PaperView(Schema):
    kind = fields.String()
    label = fields.String()
    legal_basis = fields.String()


class RequirementView(Schema):
    code = fields.String()
    one_of = fields.List(fields.Nested(PaperView), metadata={"description": "The usual paper first, then its lawful substitutes"})


class PathView(Schema):
    code = fields.String()
    label = fields.String()
    legal_basis = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)
    father = fields.String()
    witnesses = fields.Whole()
    requirements = fields.List(fields.Nested(RequirementView))


class PathList(Schema):
    items = fields.List(fields.Nested(PathView))
    next = fields.String(allow_none=True)


@paths.get("/birth-registrations/paths")
@paths.response(200, PathList)
def list_birth_paths() -> dict[str, Any]:
    """Every path, with who must be named and what must be shown."""
    return {"items": birth_paths(), "next": None}
