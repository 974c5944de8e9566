"""Whatever is sent to any operation through the gateway: never a crash, and only answers that the merged documentation describes.

A bank's calls are signed as a bank signs them, so that what is sent is read; an application of Open311 brings its key.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.integration.city import City
from tests.integration.conftest import running

TRIES = 3
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ACCOUNTS = ("budi", "petugas-dpmptsp", "kadis-dpmptsp", "kuasa-bud", "registrar", "admin-pengaduan", "auditor", "admin")
SEEDED = settings(
    max_examples=TRIES, phases=[Phase.generate], derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def city_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """What is sent here changes tables and rules: nobody else lives in it."""
    with running(tmp_path_factory.mktemp("clone"), None) as city:
        yield city


def by_account(case: Any, city: City, account: str) -> Any:
    headers = {"Authorization": f"Bearer {city.token(account)}"}
    if case.method != "GET":
        headers |= {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    return case.call(base_url=city.base, headers=headers)


def by_nobody(case: Any, city: City, account: str) -> Any:
    return case.call(base_url=city.base)


def by_bank(case: Any, city: City, account: str) -> Any:
    """What does not fit into JSON goes unsigned."""
    sent = case.as_transport_kwargs(base_url=city.base)
    body = json.dumps(sent.pop("json", None), separators=(",", ":")).encode()
    headers = {**dict(sent.pop("headers") or {}), **city.signed(case.path, body)}
    return httpx.request(sent["method"], sent["url"], content=body, headers=headers, timeout=20)


def by_application(case: Any, city: City, account: str) -> Any:
    key = {"api_key": city.suite.secret("OPEN311_DEMO_KEY")}
    return case.call(base_url=city.base, params=key)


WAYS = {
    "/snap/v1.0/transfer-va/": by_bank,
    "/snap/v1.0/qr/": by_bank,
    "/snap/": by_nobody,
    "/open311/": by_application,
    "/oauth/": by_nobody,
    "/v1/": by_account,
}
"""Who calls what is below an address."""


def tried(operation: Any, city: City, found: list[str]) -> set[int]:
    """The operation, a few times by several accounts; what is wrong goes to `found`."""
    answered: set[int] = set()

    @SEEDED
    @given(case=operation.as_strategy(), account=st.sampled_from(ACCOUNTS))
    def sent(case: Any, account: str) -> None:
        call = next((way for start, way in WAYS.items() if case.path.startswith(start)), by_nobody)
        answer = call(case, city, account)
        answered.add(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as error:
            found.append(
                f"{operation.label} as {account}: {answer.status_code} "
                + "; ".join(f"{one.title}: {str(one)[:200]}" for one in error.exceptions)
            )

    sent()
    return answered


def test_every_operation_answers_whatever_is_sent_as_it_is_documented(city_of_its_own: City, tmp_path: Path) -> None:
    city = city_of_its_own
    document = httpx.get(f"{city.base}/openapi.json", timeout=30).json()
    assert document["x-missing"] == []
    found: list[str] = []
    answered: set[int] = set()
    operations = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    for operation in operations:
        answered |= tried(operation, city, found)
    assert len(operations) == sum(len(ways.keys() - {"parameters"}) for ways in document["paths"].values())
    assert {200, 400, 401, 403, 404, 422} <= answered
    assert found == []
