"""This office's part of `me/cases`: mine, and how each can be taken back."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

Headers = Callable[..., dict[str, str]]


def test_a_case_says_how_it_can_be_taken_back_and_that_it_cannot_any_more(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    sold, kept = laid_out("durian"), laid_out("rambutan")
    assert client.post(f"/v1/things/{sold['id']}/sale", headers=as_("siti", "citizen")).status_code == 200
    said = {line["id"]: line for line in client.get("/v1/me/cases", headers=as_("siti", "citizen")).json["cases"]}
    assert said[sold["id"]]["withdrawal"] is None
    assert said[kept["id"]]["withdrawal"] == {"path": f"/v1/things/{kept['id']}/withdrawal", "reason_codes": ["rained-off", "other"]}
    assert client.get("/v1/me/cases", headers=as_("budi", "citizen")).json["cases"] == []


def test_the_documentation_says_that_a_case_may_not_be_taken_back(client: FlaskClient) -> None:
    schema = client.get("/openapi.json").json["components"]["schemas"]["CaseView"]["properties"]["withdrawal"]
    assert {"type": "null"} in schema["anyOf"]
