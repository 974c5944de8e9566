"""`tariffs`: the unit prices the city charges by, with their dates and legal basis; new ones are entered, none is changed."""

from typing import Any

from marshmallow import validate

from licensing.rules.retribution import Tariff
from licensing.use_cases import reliefs, tariffs
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, session

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


class ReliefView(Schema):
    code = fields.String()
    label = fields.String()
    rule_sets = fields.List(fields.String())
    share = fields.Exact(metadata={"description": "1 of `jumlah` is an exemption"})
    of = fields.String(metadata={"description": "The step it is a share of"})
    sample = fields.Boolean(metadata={"description": "Not the city's enacted share"})
    legal_basis = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)


class ReliefList(Schema):
    items = fields.List(fields.Nested(ReliefView))
    next = fields.String(allow_none=True)


class TariffRequest(Schema):
    code = fields.Code(required=True, metadata={"example": "medan-pbg-2027"})
    rule_set = fields.Code(required=True, metadata={"example": "pp-16-2021"})
    legal_basis = fields.Text(min=3, max=300, required=True, metadata={"example": "Perda Kota Medan 1/2027 Lampiran II"})
    valid_from = fields.Day(required=True, metadata={"example": "2027-01-01"})
    valid_to = fields.Day(allow_none=True)
    prices = fields.Dict(
        keys=fields.Code(), values=fields.Exact(), required=True, metadata={"example": {"ilo": "0.005", "shst": "5650000"}}
    )
    prasarana = fields.Dict(
        keys=fields.Code(), values=fields.Exact(), validate=validate.Length(max=100), metadata={"example": {"pagar": "12500"}}
    )


class TariffList(Schema):
    items = fields.List(fields.Nested(TariffView))
    next = fields.String(allow_none=True)


@prices.get("/tariffs")
@prices.response(200, TariffList)
def list_tariffs() -> dict[str, Any]:
    """Every tariff, with the dates it holds for."""
    return {"items": [*tariffs.entered(session()), *tariffs.tariffs()], "next": None}


@prices.get("/tariffs/reliefs")
@prices.response(200, ReliefList)
def list_reliefs() -> dict[str, Any]:
    """What may be taken off the retribution, by which rule."""
    return {"items": reliefs.reliefs(), "next": None}


@prices.post("/tariffs")
@idempotent
@prices.arguments(TariffRequest)
@prices.response(201, TariffView)
def enter_tariff(request: dict[str, Any]) -> Tariff:
    """Enter a tariff that holds from a day still to come. Assessments of earlier applications keep theirs."""
    return tariffs.enter(session(), actor(), request, now())
