"""`retribution-estimates`: what a building would cost, for anyone."""

from typing import Any

from marshmallow import validate

from licensing.api.retribution_inputs import typed_inputs
from licensing.rules.retribution import RULE_SETS
from licensing.use_cases import retribution_estimates
from licensing.use_cases.tariffs import entered
from smartcity.http import Blueprint, Schema, fields, now, session

estimates = Blueprint("retribution_estimates", description="The retribution of a building, every step shown.")
EXAMPLE = {
    "fungsi": "hunian_kecil", "kompleksitas": "sederhana", "permanensi": "permanen", "jumlah_lantai": 1, "luas_lantai_m2": "72",
    "kepemilikan": "perorangan_badan_usaha", "ilo": "0.005", "shst": "5350000", "jenis_pekerjaan": "baru",
}  # fmt: skip


class EstimateRequest(Schema):
    rule_set = fields.String(required=True, validate=validate.OneOf(RULE_SETS))
    inputs = fields.Dict(
        required=True, metadata={"example": EXAMPLE, "description": "Unit prices may be left out: the city's tariff of the date is used"}
    )


class StepView(Schema):
    symbol = fields.String()
    value = fields.String()
    unit = fields.String()
    formula = fields.String()
    legal_basis = fields.String()


class TariffUsedView(Schema):
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
    total = fields.String()
    total_rp = fields.Rupiah()
    steps = fields.List(fields.Nested(StepView))
    tariff = fields.Nested(TariffUsedView, allow_none=True)


@estimates.post("/retribution-estimates")
@estimates.arguments(EstimateRequest)
@estimates.response(200, CalculationView)
def estimate_retribution(request: dict[str, Any]) -> dict[str, Any]:
    """What would the retribution be?"""
    inputs = typed_inputs(request["rule_set"], request["inputs"])
    return retribution_estimates.estimate(request["rule_set"], inputs, now(), entered(session()))
