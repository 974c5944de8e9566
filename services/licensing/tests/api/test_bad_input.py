"""Whatever is sent to any operation: an answer of ours or a clear problem, never a crash."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartcity.http.app import CityFlask

EVERYTHING = ("citizen", "officer", "examiner", "approver", "head")
SEEDED = settings(
    max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1E+300", "-0", "1e-400", "0x1", "٣", "NaN"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=5,
)


def test_no_input_crashes_any_operation(app: CityFlask, desk: Any, hear: Any, paid: Any) -> None:
    issued, open_one = desk.brought_to("assessment"), desk.brought_to("approval")
    hear("finance-sts.bill.paid.v1", paid(issued))
    real = {"permit_id": desk.show(issued)["permit_id"], "application_id": open_one, "code": "PBG"}
    tried, answered = set(), set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @SEEDED
        @given(case=operation.as_strategy(), known=st.booleans())
        def tries(case: Any, known: bool) -> None:
            if known:
                case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
            match = {} if case.method == "GET" else {"If-Match": "*"}
            headers = {**desk.as_("budi", *EVERYTHING, office="DPMPTSP"), **match, "Idempotency-Key": str(uuid4())}
            answer = case.call(headers=headers)
            answered.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"][0].startswith("application/problem+json")

        tries()
    assert len(tried) >= 27
    assert {200, 404, 409, 422} <= answered
    assert 401 not in answered


@settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(change=st.dictionaries(st.sampled_from([
    "fungsi", "kompleksitas", "jumlah_lantai", "luas_lantai_m2", "lapis_basemen", "luas_basemen_m2", "kepemilikan", "ilo", "shst", "prasarana", "x",
]), JUNK, min_size=1, max_size=3))  # fmt: skip
def test_junk_in_an_estimate_is_an_answer_or_a_problem_that_names_the_field(
    client: FlaskClient, a_house: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = client.post("/v1/retribution-estimates", json={"rule_set": "pp-16-2021", "inputs": {**a_house, **change}})
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 422:
        assert set(answer.json["errors"]) == {"inputs"}


def test_crooked_bodies_are_problems(app: CityFlask, as_: Callable[..., dict[str, str]]) -> None:
    client = app.test_client()
    headers = {**as_("budi", *EVERYTHING, office="DPMPTSP"), "If-Match": "*"}
    bodies = (
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"answers": {"\\ud800": 1}}',
        b'{"x": 1e400}',
        b"[" * 500,
        b"\xff\xfe",
    )
    posts = [rule for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]
    for rule in posts:
        path = rule.rule.replace("<uuid:application_id>", str(uuid4())).replace("<uuid:permit_id>", str(uuid4()))
        for body in bodies:
            sent = {**headers, "Idempotency-Key": str(uuid4())}
            answer = client.post(path, data=body, headers=sent, content_type="application/json")
            assert 400 <= answer.status_code < 500, (path, body, answer.text)
            assert answer.mimetype == "application/problem+json"
