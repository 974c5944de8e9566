"""Whatever is sent to any operation: an answer of ours or a clear problem, never a crash."""

import json
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartcity.http.app import CityFlask

EVERYTHING = ("citizen", "officer", "treasurer", "cashbook-closer", "head", "auditor", "bank")
QUIET = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
SEEDED = settings(max_examples=10, phases=[Phase.generate], **QUIET)
SNAP = "/snap/v1.0/transfer-va/payment"
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1.00", "-0.00", "٣.00", "1e9", "NaN"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=5,
)


def test_no_input_crashes_any_operation(app: CityFlask, treasury: Any) -> None:
    bill = treasury.a_bill()
    receipt = treasury.counter(treasury.a_bill()).json
    real = {"bill_id": bill["id"], "payment_id": receipt["id"], "virtual_account_no": bill["virtual_account_no"], "day": receipt["day"]}
    tried, answered = set(), set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @SEEDED
        @given(case=operation.as_strategy(), known=st.booleans(), who=st.sampled_from(["budi", "another"]))
        def tries(case: Any, known: bool, who: str) -> None:
            if known:
                case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
            match = {} if case.method == "GET" else {"If-Match": "*"}
            answer = case.call(headers={**treasury.as_(who, *EVERYTHING, office="DPMPTSP"), **match, "Idempotency-Key": str(uuid4())})
            answered.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)
            if answer.status_code >= 400 and not case.path.startswith("/snap/"):
                assert answer.headers["content-type"][0].startswith("application/problem+json")

        tries()
    assert len(tried) >= 24
    assert {200, 404, 409, 422} <= answered


@settings(max_examples=120, **QUIET)
@given(change=st.dictionaries(st.sampled_from([
    "partnerServiceId", "customerNo", "virtualAccountNo", "paymentRequestId", "paidAmount", "trxDateTime", "x",
]), JUNK, min_size=1, max_size=3))  # fmt: skip
def test_junk_that_is_rightly_signed_gets_a_snap_code_and_credits_nothing(treasury: Any, change: dict[str, Any]) -> None:
    bill = getattr(treasury, "bill", None) or treasury.a_bill()
    treasury.bill = bill
    body = json.dumps({**json.loads(treasury.callback(bill, paidAmount={"value": "1.00", "currency": "IDR"})), **change}).encode()
    answer = treasury.client.post(SNAP, data=body, headers=treasury.signed(body))
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json["responseCode"].startswith(f"{answer.status_code}25")
    assert set(answer.json) == {"responseCode", "responseMessage"}


def test_crooked_bodies_are_problems_and_in_snap_s_form_at_the_bank_s_door(app: CityFlask, treasury: Any) -> None:
    client = app.test_client()
    headers = {**treasury.as_("budi", *EVERYTHING, office="DPMPTSP"), "If-Match": "*"}
    bodies = (b"", b"[]", b"null", b'"x"', b"{", b'{"a": 1, "a": 2}', b'{"x": 1e400}', b"[" * 500, b"\xff\xfe", b'{"\\ud800": 1}')
    for rule in [rule for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]:
        form = "application/json" if rule.rule.startswith("/snap/") else "application/problem+json"
        path = rule.rule.replace("<string:day>", "2026-02-12")
        for name in rule.arguments - {"day"}:
            path = path.replace(f"<uuid:{name}>", str(uuid4()))
        for body in bodies:
            answer = client.post(path, data=body, headers={**headers, "Idempotency-Key": str(uuid4())}, content_type="application/json")
            assert answer.status_code < 500, (path, body, answer.text)
            assert answer.status_code < 400 or answer.mimetype == form
    for body in bodies:
        answer = client.post(SNAP, data=body, headers=treasury.signed(body))
        assert answer.status_code == 400, (body, answer.text)
        assert answer.json["responseCode"] in ("4002500", "4002501", "4002502")
