"""Whatever is sent to any operation: an answer of ours or a clear problem, never a crash."""

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from smartcity import clock
from smartcity.calendar import add_working_days, day_of
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


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG")
    return io.BytesIO(out.getvalue())


SHOP = {"fungsi": "usaha", "jumlah_lantai": 4, "luas_lantai_m2": "900"}  # needs a visit and the word of other offices


@pytest.fixture
def real(app: CityFlask, desk: Any, hear: Any, paid: Any, inspect: Any, run_due: Any) -> Callable[[str], dict[str, str]]:
    """By path, a thing that is there for each of its parameters. A parameter with a name of its own wants its line here."""
    issued, shop = desk.brought_to("assessment"), desk.brought_to("completeness", answers=SHOP)
    hear("finance-sts.bill.paid.v1", paid(issued))
    path, office = f"/v1/permit-applications/{shop}", desk.staff("examinations")
    day = add_working_days(day_of(clock.now()), 1).isoformat()
    visit = desk.client.post(f"{path}/visits", json={"day": day, "invitation": "Di lokasi."}, headers={**office, **desk.etag(shop)})
    photos = f"{path}/visits/{visit.json['id']}/photos"
    photo = desk.client.post(photos, data={"file": (picture(), "foto.jpg", "image/jpeg")}, headers={**office, **desk.etag(shop)})
    clearance = desk.client.get(f"{path}/clearances", headers=office).json["items"][-1]
    document = next(one for one in desk.show(shop)["documents"] if one["kind"] == "design_drawings")
    inspection = inspect(office="DPMPTSP", kelurahan_code="12.71.01.1001", site_address="Jalan Deli 1", cause="Pengawasan.")
    assert inspection.schedule().status_code == 200
    shown = inspection.photo()
    assert inspection.schedule(inspector_sub="budi").status_code == 200
    verify_code = desk.client.get("/v1/permits?mine=true", headers=desk.citizen()).json["items"][0]["verify_code"]
    run_due()
    assert desk.client.get("/v1/work-queues/licensing", headers=office).status_code == 200  # eko asks for work, and is known
    asked = {
        kind: desk.client.post(f"/v1/me/data-requests{where}", json=body, headers={**desk.citizen(), **desk.key()}).json["id"]
        for kind, where, body in (("copy", "", None), ("correction", "/licensing", {"about": "nama", "wish": "Salah eja."}))
    }
    run_due()
    there = {
        "permit_id": desk.show(issued)["permit_id"], "application_id": shop, "visit_id": visit.json["id"], "photo_id": photo.json["id"],
        "clearance_id": clearance["id"], "document_id": document["id"], "inspection_id": inspection.ident, "code": "PBG",
        "sub": "eko", "service": "licensing", "request_id": asked["correction"],
    }  # fmt: skip
    others = {
        "/v1/me/data-requests/": {"service": "licensing", "request_id": asked["copy"]}, "/v1/verify/": {"code": verify_code}, "/v1/open-data/": {"code": "permits"}, "/v1/inspections/": {"photo_id": shown.json["id"]},
    }  # fmt: skip
    return lambda path: there | next((other for start, other in others.items() if path.startswith(start)), {})


def answers(operation: Any, desk: Any, real: Callable[[str], dict[str, str]]) -> set[int]:
    """What an operation says to everything that fits its description, at things that are there and at ones that are not."""
    found, office = set(), "DAMKARMAT" if "{clearance_id}" in operation.path else "DPMPTSP"

    @SEEDED
    @given(case=operation.as_strategy(), known=st.sampled_from([True, True, False]), who=st.sampled_from(["budi", "another"]))
    def tries(case: Any, known: bool, who: str) -> None:
        if known:
            case.path_parameters = {one: real(case.path)[one] for one in case.path_parameters}
        match = {} if case.method == "GET" else {"If-Match": "*"}
        headers = {**desk.as_(who, *EVERYTHING, office=office), **match, "Idempotency-Key": str(uuid4())}
        answer = case.call(headers=headers)
        found.add(answer.status_code)
        assert answer.status_code < 500, (case.method, case.path, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0].startswith("application/problem+json")

    tries()
    return found


def test_no_input_crashes_any_operation(app: CityFlask, desk: Any, real: Callable[[str], dict[str, str]]) -> None:
    described = [found.ok() for found in schemathesis.openapi.from_wsgi("/openapi.json", app).get_all_operations()]
    said = {operation.definition.raw["operationId"]: answers(operation, desk, real) for operation in described}
    assert set(said) == set(app.policy), "every operation is tried, also one that was added yesterday"
    assert not [name for name, codes in said.items() if codes <= {401, 403, 404}], "each is reached, not only refused at the door"
    assert {200, 201, 409, 422} <= set().union(*said.values())


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
    written = [(rule, method) for rule in app.url_map.iter_rules() for method in sorted({"POST", "PATCH"} & (rule.methods or set()))]
    assert {method for _, method in written} == {"POST", "PATCH"}
    for rule, method in written:
        if rule.rule == "/v1/me/data-requests":
            continue  # asks for nothing, so that no body is crooked
        path = re.sub("<(uuid|string):[a-z_]+>", str(uuid4()), rule.rule)
        assert "<" not in path
        for body in bodies:
            sent = {**headers, "Idempotency-Key": str(uuid4())}
            answer = client.open(path, method=method, data=body, headers=sent, content_type="application/json")
            assert 400 <= answer.status_code < 500, (path, body, answer.text)
            assert answer.mimetype == "application/problem+json"
