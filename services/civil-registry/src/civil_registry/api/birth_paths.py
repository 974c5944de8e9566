"""`birth-registrations/paths`: the ways to a certificate and the papers each accepts."""

from typing import Any

from civil_registry.use_cases.registry_data import birth_paths, circumstances, wordings
from smartcity.http import Blueprint, Schema, fields

paths = Blueprint("birth_paths", description="Ways to a birth certificate: data, each with its legal basis. Nothing else may be demanded.")


QUESTIONS = fields.Dict(metadata={"description": "Field of the report -> required, optional or refused"})


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
    wording = fields.String(metadata={"description": "Which of `wordings` the certificate bears"})
    witnesses = fields.Whole()
    questions = QUESTIONS
    requirements = fields.List(fields.Nested(RequirementView))


class CircumstanceView(Schema):
    code = fields.String()
    label = fields.String()
    legal_basis = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)
    told_by = fields.String(metadata={"description": "parent: named in the report; dates, siblings: follows from them"})
    not_on = fields.List(fields.String(), metadata={"description": "Paths on which it cannot hold"})
    not_with = fields.List(fields.String(), metadata={"description": "Circumstances beside which it cannot hold"})
    questions = QUESTIONS
    requirements = fields.List(fields.Nested(RequirementView), metadata={"description": "In the place of the path's of the same code"})


class WordingView(Schema):
    code = fields.String()
    line = fields.String()
    note = fields.String()
    legal_basis = fields.String()


class PathList(Schema):
    items = fields.List(fields.Nested(PathView))
    circumstances = fields.List(fields.Nested(CircumstanceView))
    wordings = fields.List(fields.Nested(WordingView), metadata={"description": "What a certificate says of the parents"})
    next = fields.String(allow_none=True)


@paths.get("/birth-registrations/paths")
@paths.response(200, PathList)
def list_birth_paths() -> dict[str, Any]:
    """Every path and circumstance: what is asked, and what must be shown."""
    return {"items": birth_paths(), "circumstances": circumstances(), "wordings": wordings().values(), "next": None}
