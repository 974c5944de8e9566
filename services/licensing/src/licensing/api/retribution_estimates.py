"""`retribution-estimates`: what a permit would cost, for anyone."""

from typing import Any

from marshmallow import validate

from licensing.api.retribution_inputs import typed_inputs
from licensing.rules.retribution import RULE_SETS
from licensing.use_cases import retribution_estimates
from licensing.use_cases.tariffs import entered
from smartcity.http import Blueprint, Schema, fields, now, session

estimates = Blueprint("retribution_estimates", description="The retribution, every step shown.")
EXAMPLE = {
    "fungsi": "hunian_kecil", "kompleksitas": "sederhana", "permanensi": "permanen", "jumlah_lantai": 1, "luas_lantai_m2": "72",
    "kepemilikan": "perorangan_badan_usaha", "ilo": "0.005", "shst": "5350000", "jenis_pekerjaan": "baru",
}  # fmt: skip


class EstimateRequest(Schema):
    rule_set = fields.String(validate=validate.OneOf(RULE_SETS), metadata={"description": "Of a building; or `permit_type`"})
    permit_type = fields.Code(metadata={"description": "Its rules of the day; or `rule_set`", "example": "TANAH"})
    on = fields.Day(metadata={"description": "As for an application of this day; left out: of today"})
    inputs = fields.Dict(
        required=True, metadata={"example": EXAMPLE, "description": "Unit prices may be left out: the city's tariff of the date is used"}
    )


class StepView(Schema):
    symbol = fields.String()
    value = fields.String()
    unit = fields.String()
    formula = fields.String()
    expression = fields.String(
        metadata={"description": "Numbers and symbols that stand above; empty where the value is given or looked up"}
    )
    legal_basis = fields.String()


class RowUsedView(Schema):
    code = fields.String()
    sample = fields.Boolean()
    legal_basis = fields.String()
    valid_from = fields.String(metadata={"format": "date"})


class CalculationView(Schema):
    """Numbers are texts, exact to the last digit; `total_rp` is whole rupiah."""

    rule_set = fields.String()
    legal_basis = fields.String()
    fungsi = fields.String()
    inputs = fields.Raw()
    llt = fields.String()
    ip_ketinggian = fields.String()
    terms = fields.Dict()
    sigma = fields.String()
    klasifikasi = fields.Dict()
    indeks_klasifikasi = fields.String()
    it = fields.String()
    nilai_bangunan = fields.String()
    nilai_prasarana = fields.List(fields.String())
    jumlah = fields.String(metadata={"description": "Before relief; only where some was granted"})
    keringanan = fields.Dict(metadata={"description": "What was taken off, by the relief's code"})
    total = fields.String()
    total_rp = fields.Rupiah()
    steps = fields.List(fields.Nested(StepView))
    tariff = fields.Nested(RowUsedView, allow_none=True)
    reliefs = fields.List(fields.Nested(RowUsedView))


@estimates.post("/retribution-estimates")
@estimates.arguments(EstimateRequest)
@estimates.response(200, CalculationView)
def estimate_retribution(request: dict[str, Any]) -> dict[str, Any]:
    """What would the retribution be?"""
    rules, day = retribution_estimates.asked(request, now())
    inputs = typed_inputs(rules.name, request["inputs"])
    return retribution_estimates.computed(rules, inputs, day, entered(session()))
