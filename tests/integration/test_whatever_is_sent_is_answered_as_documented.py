"""Whatever is sent to any operation through the gateway: never a crash, and only answers that the merged documentation describes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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
from tests.integration.senders import OF_PARTNERS, PARTNERS, PEOPLE, of_a_partner, sender

TRIES, OF_A_PARTNER = 3, 9
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SEEDED = settings(phases=[Phase.generate], derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def city_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """What is sent here changes tables and rules: nobody else lives in it."""
    with running(tmp_path_factory.mktemp("clone"), None, LIMITS_PER_MINUTE="anonymous=100000,api=100000,sign-in=100000") as city:
        yield city


@dataclass
class Heard:
    """What was answered, by operation, and what is wrong with it."""

    answered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)

    def under(self, prefix: str) -> set[int]:
        """Every status that was answered below a path."""
        return {status for label, statuses in self.answered.items() if label.partition(" ")[2].startswith(prefix) for status in statuses}


def tried(operation: Any, city: City, heard: Heard) -> None:
    """The operation, a few times by several senders."""
    names, tries = (PARTNERS, OF_A_PARTNER) if of_a_partner(operation.path) else (PEOPLE, TRIES)

    @settings(SEEDED, max_examples=tries)
    @given(case=operation.as_strategy(), name=st.sampled_from(names))
    def sent(case: Any, name: str) -> None:
        answer = case.call(base_url=city.base, auth=sender(city, case, name), allow_redirects=False)
        heard.answered[operation.label].add(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as error:
            told = "; ".join(f"{one.title}: {str(one)[:200]}" for one in error.exceptions)
            heard.wrong.append(f"{operation.label} as {name}: {answer.status_code} {told}")

    sent()


def test_every_operation_answers_whatever_is_sent_as_it_is_documented(city_of_its_own: City) -> None:
    city = city_of_its_own
    document = httpx.get(f"{city.base}/openapi.json", timeout=30).json()
    assert document["x-missing"] == []
    heard = Heard()
    for operation in schemathesis.openapi.from_dict(document).get_all_operations():
        tried(operation.ok(), city, heard)
    documented = {f"{method.upper()} {path}" for path, ways in document["paths"].items() for method in ways if method != "parameters"}
    assert sorted(documented ^ set(heard.answered)) == []
    assert heard.wrong == []
    assert {200, 403, 404, 422} <= heard.under("/v1/") and all(200 in heard.under(prefix) for prefix in OF_PARTNERS)
    outside = {label: statuses for label, statuses in heard.answered.items() if of_a_partner(label.partition(" ")[2])}
    assert [label for label, statuses in outside.items() if statuses <= {401, 403}] == [], "no partner was let in there"
