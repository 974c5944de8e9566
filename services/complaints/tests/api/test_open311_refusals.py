"""What GeoReport v2 refuses: 400, 403 or 404, with a list of codes and descriptions, in the form that was asked for."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"key": "nobody's"}, (403, [403])), ({"key": ""}, (403, [403])), ({"key": "x" * 10_000}, (403, [403])),
        ({"service_code": "cuaca"}, (404, [404])), ({"service_code": None}, (400, [400])),
        ({"jurisdiction_id": "sfgov.org"}, (404, [404])), ({"lat": "1.5", "long": "99.9"}, (400, [400])), ({"long": None}, (400, [400])),
        ({"lat": "nan"}, (400, [400])), ({"attribute[kelurahan_code]": None}, (400, [400])), ({"attribute[kelurahan_code]": "1"}, (400, [400])),
        ({"description": "<script>alert(1)</script>"}, (400, [400])), ({"description": "x" * 4001}, (400, [400])),
        ({"lat": "here", "description": "<b>", "service_code": None}, (400, [400, 400, 400])), ({"first_name": "x" * 61}, (400, [400])),
    ],
)  # fmt: skip
def test_every_refusal_has_the_codes_and_the_body_of_the_specification(app311: Any, told: Any, change: Any, expected: Any) -> None:
    assert app311.refusal(app311.post(**change)) == expected
    answer = app311.post(form="xml", **change)
    errors = fromstring(answer.data)
    assert (answer.status_code, answer.content_type, errors.tag) == (expected[0], "text/xml; charset=utf-8", "errors")
    assert [[part.tag for part in error] for error in errors] == [["code", "description"]] * len(expected[1])
    assert told() == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/cuaca.json", 404), ("services.json?jurisdiction_id=sfgov.org", 404), ("requests/MRK-209901-000001.json", 404),
        ("tokens/guessed.json", 404), ("requests.json?start_date=yesterday", 400), ("requests.json?status=lost", 400),
        ("requests.json?service_code=jalan_rusak,cuaca", 404), ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-05-01T00:00:00Z", 400),
        ("requests.json?start_date=2026-05-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400), ("requests.json?start_date=2026-05-01", 400),
        ("servicerequestupdates.json?end_date=1", 400),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused_likewise(app311: Any, path: str, status: int) -> None:
    assert app311.refusal(app311.get(path)) == (status, [status])


def test_an_unknown_form_is_refused_in_xml_which_everybody_reads(app311: Any) -> None:
    answer = app311.get("services.yaml")
    assert (answer.status_code, fromstring(answer.data)[0][0].text) == (404, "404")


def test_a_service_that_fails_says_so_in_the_same_form(app311: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.use_cases.open311.requests", lambda *_: 1 / 0)
    assert app311.refusal(app311.get("requests.json")) == (400, [400])


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "weather.json", 404), ("GET", "weather.xml", 404), ("GET", "requests/1/2.json", 404), ("GET", "", 404), ("POST", "services.json", 400),
    ("DELETE", "requests.xml", 400), ("GET", "services", 404),
])  # fmt: skip
def test_what_is_no_operation_is_refused_in_the_same_form(app311: Any, method: str, path: str, status: int) -> None:
    answer = app311.client.open(f"/open311/v2/{path}", method=method)
    if path.endswith("json"):
        assert app311.refusal(answer) == (status, [status])
    else:
        assert (answer.status_code, answer.content_type, fromstring(answer.data)[0][0].text) == (
            status,
            "text/xml; charset=utf-8",
            str(status),
        )
    assert app311.client.get("/open311/v20").mimetype == app311.client.get("/v1/weather").mimetype == "application/problem+json"
