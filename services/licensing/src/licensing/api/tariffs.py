"""`tariffs`: the unit prices the city charges by, with their dates and legal basis."""

from typing import Any

from licensing.use_cases import tariffs
from smartcity.http import Blueprint, Schema, fields

prices = Blueprint("tariffs", description="Unit prices of the retribution.")


class TariffView(Schema):
    code = fields.String()
    rule_set = fields.String()
    sample = fields.Boolean(metadata={"description": "Not the city's enacted values"})
    legal_basis = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)
    prices = fields.Dict(values=fields.Exact())
    prasarana = fields.Dict(values=fields.Exact())


class TariffList(Schema):
    items = fields.List(fields.Nested(TariffView))
    next = fields.String(allow_none=True)


@prices.get("/tariffs")
@prices.response(200, TariffList)
def list_tariffs() -> dict[str, Any]:
    """Every tariff, with the dates it holds for."""
    return {"items": tariffs.tariffs(), "next": None}
