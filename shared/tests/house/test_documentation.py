"""What the documentation says can be read by machines that are not Python."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from smartcity.http import Blueprint, Schema, fields, openapi
from smartcity.http.app import CityFlask
from smartcity.http.policy import anyone


class StickerRequest(Schema):
    code = fields.Code(required=True)
    weight = fields.Exact()


class TornView(Schema):
    error = fields.String()


def documented(**of_a_partner: Any) -> dict[str, Any]:
    """What the documentation says of stickers."""
    stickers = Blueprint("stickers", **of_a_partner)

    @stickers.post("/stickers")
    @stickers.arguments(StickerRequest)
    @stickers.response(200, StickerRequest)
    @stickers.alt_response(429, schema=TornView)
    def stick(request: dict[str, str]) -> dict[str, str]:
        return request

    app = Flask("stickers")
    app.register_blueprint(stickers)
    return openapi.Documentation(app, "Stickers", [stickers], {"stick": [anyone]}).of("smartcity")


@pytest.fixture
def properties() -> dict[str, Any]:
    """What it says of one."""
    return dict(documented()["components"]["schemas"]["StickerRequest"]["properties"])


def test_a_partner_is_refused_in_the_form_that_is_documented_or_in_ours() -> None:
    usual, partner_s = (
        said["paths"]["/v1/stickers"]["post"] for said in (documented(), documented(refusals={"text/xml": {"type": "string"}}))
    )
    assert set(usual["responses"]["403"]["content"]) == {"application/problem+json"}
    assert set(partner_s["responses"]["403"]["content"]) == {"application/problem+json", "text/xml"}
    assert "x-refusals" not in partner_s


def test_a_start_does_without_it_and_whoever_asks_together_reads_the_same(app: CityFlask) -> None:
    assert "flask-smorest" not in app.extensions
    with ThreadPoolExecutor(4) as pool:
        said = {answer.data for answer in pool.map(lambda _: app.test_client().get("/openapi.json"), range(4))}
    assert len(said) == 1 and b"/v1/things" in said.pop()
    assert "flask-smorest" in app.extensions


def test_what_an_operation_says_of_a_refusal_itself_stands_beside_what_the_gateway_says() -> None:
    refused = documented()["paths"]["/v1/stickers"]["post"]["responses"]["429"]["content"]
    assert set(refused) == {"application/problem+json", "application/json"}
    assert refused["application/json"]["schema"] == {"$ref": "#/components/schemas/TornView"}


def test_a_pattern_is_one_that_every_language_reads(properties: dict[str, Any]) -> None:
    assert properties["code"]["pattern"] == "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


def test_an_exact_decimal_is_described_as_the_text_it_is_answered_as(properties: dict[str, Any]) -> None:
    assert properties["weight"] == {"type": "string", "format": "decimal"}
    assert StickerRequest().dump({"weight": Decimal("0.10")}) == {"weight": "0.10"}
