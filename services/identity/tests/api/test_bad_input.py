"""Whatever is sent to any operation: an answer of ours, a page, OAuth's own error or a clear problem, never a crash."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartcity.http.app import CityFlask

SEEDED = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
FORMS = settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
WORDS = st.text(max_size=20) | st.sampled_from(
    ["authorization_code", "refresh_token", "client_credentials", "portal", "bank", "S256", "\x00", "ä" * 300]
)
NAMES = st.sampled_from([
    "grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "refresh_token", "scope", "token", "response_type",
    "state", "nonce", "code_challenge", "code_challenge_method", "client_assertion", "client_assertion_type", "login", "password", "decision", "x",
])  # fmt: skip
OURS = ("application/problem+json", "application/json", "text/html", "")


def test_no_input_crashes_any_operation(app: CityFlask, bearer: Callable[[str], dict[str, str]]) -> None:
    headers, tried, answered = bearer("budi"), set(), set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @SEEDED
        @given(case=operation.as_strategy())
        def tries(case: Any) -> None:
            answer = case.call(headers={} if case.path.startswith("/oauth") else headers)
            answered.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)

        tries()
    assert len(tried) >= 9
    assert {200, 400} <= answered


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/oauth/token"), ("POST", "/oauth/revoke"), ("POST", "/oauth/authorize"), ("GET", "/oauth/authorize")]
)
def test_no_form_crashes_the_doors_of_sign_in(app: CityFlask, method: str, path: str) -> None:
    answered = set()

    @FORMS
    @given(form=st.dictionaries(NAMES, WORDS, max_size=8))
    def tries(form: dict[str, str]) -> None:
        client: FlaskClient = app.test_client()
        answer = client.get(path, query_string=form) if method == "GET" else client.post(path, data=form)
        answered.add(answer.status_code)
        assert answer.status_code < 500, (form, answer.text)
        assert answer.mimetype in OURS

    tries()
    assert answered & {400, 401, 422}, answered


@pytest.mark.parametrize(
    "scheme", ["Bearer", "Bearer ", "Bearer a.b.c", "Basic !!!", "Basic ", "Digest x", "Bearer " + "x" * 9000, "Basic //8="]
)
def test_a_crooked_authorization_is_refused(app: CityFlask, scheme: str) -> None:
    client = app.test_client()
    for answer in (
        client.get("/v1/accounts/me", headers={"Authorization": scheme}),
        client.post("/oauth/token", headers={"Authorization": scheme}),
    ):
        assert answer.status_code in (400, 401, 404), answer.text
