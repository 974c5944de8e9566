"""Fifty people have the same trouble at the same moment: each is counted once, each is asked when it is answered, and each has a word."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from smartcity_local.sign_in import token
from smartcity_local.suite import member
from tests.integration.city import City, until
from tests.integration.test_a_complaint_is_repaired_with_proof import step, to_answer
from tests.integration.test_nothing_is_closed_by_the_office_alone import COORDINATOR, filed

PEOPLE = [f"warga-{number}" for number in range(50)]
MOVE_IN = """
INSERT INTO account SELECT (jsonb_populate_record(budi, jsonb_build_object('id', gen_random_uuid(), 'login', neighbour))).*
FROM account budi, unnest(CAST(:logins AS text[])) AS neighbour WHERE budi.login = 'budi' ON CONFLICT DO NOTHING
"""


@pytest.fixture
def neighbours(city: City) -> list[str]:
    """Fifty more accounts, each signed in at identity's own door: the gateway lets nobody sign in that often from one address."""
    with city.database("identity") as session:
        session.execute(sa.text(MOVE_IN), {"logins": PEOPLE})
    door = f"http://127.0.0.1:{member(city.suite.place, 'identity').port}"
    for name in PEOPLE:
        city.tokens[name] = time.monotonic(), token(city.suite.place, name, door)
    return PEOPLE


def at_once(do: Callable[[str], Any], people: list[str]) -> list[Any]:
    with ThreadPoolExecutor(len(PEOPLE)) as crowd:
        return list(crowd.map(do, people))


def test_fifty_at_once_count_fifty_are_all_asked_and_all_heard(city: City, neighbours: list[str]) -> None:
    path = filed(city, "siti")
    step(city, path, "verification", COORDINATOR, {"result": "verified"})
    answers = at_once(lambda who: city.call("POST", f"{path}/support", who), neighbours * 2)
    assert {answer.status_code for answer in answers} == {200}
    assert city.get(path)["support_count"] == 50, "twice by one person is once"
    assert {answer.status_code for answer in at_once(lambda who: city.call("POST", f"{path}/followers", who), neighbours * 2)} == {200}
    to_answer(city, path)
    for who in neighbours:  # an office that needs longer than half a second is named as missing, and asked again
        answer = until(lambda who=who: (told := city.get("/v1/me/cases", who)) and not told["missing"] and told)
        assert [case["path"] for case in answer["cases"]] == [path], "each is asked, once"
    said = at_once(lambda who: city.call("POST", f"{path}/confirmation", who, json={"repaired": who != "warga-7"}), neighbours)
    assert {answer.status_code for answer in said} == {200}
    shown = city.get(path)
    assert (shown["support_count"], shown["repaired_count"], shown["not_repaired_count"]) == (50, 49, 1)
    assert city.call("POST", f"{path}/confirmation", "warga-7", json={"repaired": True}).json()["not_repaired_count"] == 0
