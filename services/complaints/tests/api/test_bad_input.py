"""Whatever is sent to any operation: an answer of ours or a clear problem, never a crash."""

from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartcity.http.app import CityFlask

EVERYTHING = ("citizen", "officer", "head", "coordinator", "auditor")
SEEDED = settings(
    max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)

FAILED = "Layanan sedang tidak tersedia"
"""Open311 has no 5xx: what a crash would say there."""


def test_no_input_crashes_any_operation(app: CityFlask, street: Any) -> None:
    filed = street.file()
    real = {
        "complaint_id": street.brought_to("follow-up"),
        "token": filed["follow_up_token"],
        "form": "json",
        "code": "banjir",
        "number": "MRK-1",
    }
    tried, answered = set(), set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @SEEDED
        @given(case=operation.as_strategy(), known=st.booleans(), who=st.sampled_from(["siti", "another"]))
        def tries(case: Any, known: bool, who: str) -> None:
            if known:
                case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
            match = {} if case.method == "GET" else {"If-Match": "*"}
            headers = {**street.as_(who, *EVERYTHING, office="SDABMBK"), **match, "Idempotency-Key": str(uuid4())}
            answer = case.call(headers=headers)
            answered.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)
            if case.path.startswith("/open311"):
                assert answer.status_code in (200, 400, 403, 404) and FAILED not in answer.text, (case.path, answer.text)
            elif answer.status_code >= 400:
                assert answer.headers["content-type"][0].startswith("application/problem+json")

        tries()
    assert len(tried) >= 26
    assert {200, 404, 409, 422} <= answered
    assert 401 not in answered
