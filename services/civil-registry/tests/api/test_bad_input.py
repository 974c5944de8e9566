"""Whatever is sent to any operation: an answer of ours or a clear problem, never a crash, and the register untouched."""

from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartcity.http.app import CityFlask

EVERYTHING = ("citizen", "officer", "registrar", "signer", "head", "auditor")
QUIET = {"derandomize": True, "deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
SEEDED = settings(max_examples=10, phases=[Phase.generate], **QUIET)


def everybody(desk: Any) -> dict[str, str]:
    return {**desk.as_("anyone-at-all", *EVERYTHING, office="DISDUKCAPIL"), "Idempotency-Key": str(uuid4()), "If-Match": "*"}


def test_no_input_crashes_any_operation(app: CityFlask, desk: Any) -> None:
    idents = [desk.brought_to(step, child={"name": f"Anak {step}"}) for step in ("submission", "verification", "registration", "signature")]
    number = desk.show(idents[-1])["record_no"]
    tried, answered = set(), set()
    for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        tried.add(operation.label)

        @SEEDED
        @given(case=operation.as_strategy(), ident=st.sampled_from([None, *idents]))
        def tries(case: Any, ident: str | None) -> None:
            if ident:
                known = {"registration_id": ident, "number": number}
                case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
            headers = everybody(desk)
            if case.method == "GET":
                headers.pop("If-Match")
            answer = case.call(headers=headers)
            answered.add(answer.status_code)
            assert answer.status_code < 500, (case.method, case.path, answer.text)
            if answer.status_code >= 400:
                assert answer.headers["content-type"][0].startswith("application/problem+json")

        tries()
    assert len(tried) >= 20
    assert {200, 404, 409, 422} <= answered
    assert desk.client.get(f"/v1/civil-records/{number}", headers=desk.citizen()).json["unchanged"] is True


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=5,
)
FIELDS = ["path", "kelurahan_code", "family_card_no", "child", "mother", "father", "reporter", "witnesses"]


@settings(max_examples=150, **QUIET)
@given(change=st.dictionaries(st.sampled_from(FIELDS), JUNK, min_size=1, max_size=3), inside=st.dictionaries(st.sampled_from(
    ["name", "sex", "born_on", "born_at", "order", "weight_g", "length_cm", "twin_order", "helper", "birth_city"]), JUNK, min_size=1, max_size=3,
))  # fmt: skip
def test_junk_in_a_report_is_refused_by_field(desk: Any, birth: Any, change: dict[str, Any], inside: dict[str, Any]) -> None:
    for body in ({**birth(), **change}, birth(child=inside)):
        answer = desk.post(body)
        assert answer.status_code in (201, 400, 422), answer.text
        assert answer.status_code != 422 or answer.json["errors"]


def test_crooked_bodies_are_problems(app: CityFlask, desk: Any) -> None:
    ident = desk.brought_to("submission")
    bodies = (b"", b"[]", b"null", b'"x"', b"{", b'{"a": 1, "a": 2}', b'{"x": 1e400}', b"[" * 500, b"\xff\xfe", b'{"\\ud800": 1}')
    for rule in [rule for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]:
        path = rule.rule.replace("<uuid:registration_id>", ident)
        for body in bodies:
            answer = desk.client.post(path, data=body, headers=everybody(desk), content_type="application/json")
            assert answer.status_code < 500, (path, body, answer.text)
            assert answer.status_code < 400 or answer.mimetype == "application/problem+json"
