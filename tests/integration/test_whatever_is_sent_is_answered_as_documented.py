"""Whatever is sent to any operation through the gateway: never a crash, and only answers that the merged documentation describes."""

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
OF_PARTNERS = ("/snap/", "/open311/", "/oauth/", "/.well-known/")
"""Answered by the partner's own rules; each has its tests at home."""


@pytest.fixture(scope="module")
def city_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """What is sent here changes tables and rules: nobody else lives in it."""
    with running(tmp_path_factory.mktemp("clone"), None) as city:
        yield city


def tried(operation: Any, city: City, found: list[str]) -> set[int]:
    """The operation, a few times by several accounts; what is wrong goes to `found`."""
    answered: set[int] = set()

    @SEEDED
    @given(case=operation.as_strategy(), account=st.sampled_from(ACCOUNTS))
    def sent(case: Any, account: str) -> None:
        headers = {"Authorization": f"Bearer {city.token(account)}", "Idempotency-Key": str(uuid4()), "If-Match": "*"}
        answer = case.call(base_url=city.base, headers=headers if case.method != "GET" else {"Authorization": headers["Authorization"]})
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
    ours = [one for one in operations if not one.path.startswith(OF_PARTNERS)]
    for operation in ours:
        answered |= tried(operation, city, found)
    assert len(ours) > 200 and {200, 403, 404, 422} <= answered
    assert found == []
