"""Whoever must not come in is refused at the gateway, and straight at a service's own port as well, at every operation of the merged documentation.

OWASP API Security Top 10 (2023, `docs/owasp.md`): tokens that are none (2), limits (6), what is served and documented nowhere (9).
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import pytest
from joserfc import jwk

from gateway.merging import EVERYBODYS
from gateway.routes import find
from identity.use_cases.keys import signing_key
from smartcity.clock import real_now
from smartcity.storage import root_keys
from smartcity.testing.bad_tokens import BAD_TOKENS, INTRUDER
from smartcity.testing.tokens import Issuer
from smartcity_local.sign_in import token
from smartcity_local.suite import members
from tests.integration.city import City, until
from tests.integration.conftest import running

FORGED = ("signed with another key", "for another audience")
"""Brought by everybody everywhere; the other bad tokens at the gateway are tried at one operation of each service, and in its own tests."""
KERNEL_S = ("/healthz", "/readyz", "/metrics", "/openapi.json")
REFUSED, NOT_SIGNED_IN = ((401, "application/problem+json", f"/problems/{code}") for code in ("token-not-valid", "sign-in-required"))
Operation = tuple[str, str, dict[str, Any]]
"""Method, path, and what is documented of it."""
NOWHERE: Operation = ("GET", "/v1/nowhere", {"parameters": []})
"""What the gateway alone refuses: elsewhere its answer may be that of a service."""


@dataclass
class Doors:
    """The gateway, the ports behind it, and an issuer that has the suite's own key."""

    city: City
    client: httpx.Client

    @cached_property
    def issuer(self) -> Issuer:
        secret = b64decode(self.city.suite.secret("identity.secret_key"))
        with self.city.database("identity") as session:
            root_keys.configure(session.get_bind().engine, secret)
            row = signing_key(session, real_now())
            key = jwk.OKPKey.import_key({**json.loads(row.private), "kid": row.kid})
        return Issuer(self.city.base, self.city.base, row.kid, key)

    @cached_property
    def ports(self) -> dict[str, str]:
        return {one.name: f"http://127.0.0.1:{one.port}" for one in members(self.city.suite.place) if not one.is_gateway}

    def documented(self, base: str, service: str = "{service}") -> list[Operation]:
        """What is documented there; where a path names the service that answers, `service`."""
        paths = self.client.get(f"{base}/openapi.json").json()["paths"]
        return [
            (
                method.upper(),
                path.replace("{service}", service),
                {**said, "parameters": [*ways.get("parameters", []), *said.get("parameters", [])]},
            )
            for path, ways in paths.items()
            for method, said in ways.items()
            if method != "parameters"
        ]

    @cached_property
    def straight(self) -> list[tuple[str, Operation]]:
        """Every operation of every service, as its own port documents it."""
        return [(service, operation) for service, base in self.ports.items() for operation in self.documented(base, service)]

    @cached_property
    def anybodys(self) -> Operation:
        """An operation that every service has."""
        return next(one for one in self.documented(self.city.base) if one[:2] == ("GET", "/v1/me/cases"))

    def ask(self, base: str, operation: Operation, bearer: str | None) -> tuple[int, str, str]:
        """Status, kind and problem of what is said to an operation about a thing that is nobody's."""
        method, path, said = operation
        for one in said["parameters"]:
            value = {"uuid": INTRUDER}.get(one["schema"].get("format"), one["schema"].get("enum", ["1"])[0])
            path = path.replace(f"{{{one['name']}}}", value)
        answer = self.client.request(method, base + path, headers={"Authorization": f"Bearer {bearer}"} if bearer else {})
        assert base != self.city.base or "RateLimit" in answer.headers, f"{method} {path} is counted against no limit"
        kind = answer.headers.get("content-type", "").partition(";")[0]
        return answer.status_code, kind, answer.json()["type"] if kind == "application/problem+json" else ""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A suite at whose limits one address that tries everything does not arrive."""
    with (
        running(
            tmp_path_factory.mktemp("clone"), None, "--no-seed", LIMITS_PER_MINUTE="anonymous=1000000,partner=1000000,sign-in=1000000"
        ) as city,
        httpx.Client(timeout=20) as client,
    ):
        until(lambda: client.get(f"{city.base}/openapi.json").json()["x-missing"] == [])
        yield Doors(city, client)


def closed(operation: Operation) -> bool:
    """Does nobody come in without a token?"""
    return {} not in operation[2]["security"] and operation[2]["security"] != []


def named(operations: Iterable[Operation]) -> set[tuple[str, str]]:
    return {(method, path) for method, path, _ in operations}


def test_what_is_reached_through_the_gateway_is_what_the_services_document_and_nothing_else(doors: Doors) -> None:
    whole = doors.documented(doors.city.base)
    straight = [(service, *one) for service, base in doors.ports.items() for one in doors.documented(base)]
    assert named(whole) == {(method, path) for _, method, path, _ in straight}
    for service, _, path, _ in straight:
        route = find(path.replace("{service}", service))
        assert path in EVERYBODYS or (route is not None and route.service == service), path
    for path in KERNEL_S:
        assert find(path) is None
    assert doors.ask(doors.city.base, ("GET", "/metrics", {"parameters": []}), None)[0] == 404


def test_every_operation_refuses_alike_at_the_gateway_and_at_its_service_s_own_port(doors: Doors) -> None:
    """Partners are told in their own words at the port, and refused all the same."""
    forged = {kind: (BAD_TOKENS[kind](doors.issuer), REFUSED) for kind in FORGED}
    wrong = []
    for service, operation in doors.straight:
        for kind, (bearer, wanted) in {**forged, **({"none": (None, NOT_SIGNED_IN)} if closed(operation) else {})}.items():
            said = [doors.ask(base, operation, bearer) for base in (doors.city.base, doors.ports[service])]
            ours = operation[1].startswith("/v1/")
            if said != [wanted, wanted] if ours else any(not 400 <= status < 500 for status, *_ in said):
                wrong.append((service, *operation[:2], kind, said))
    assert wrong == []


def test_every_bad_token_is_refused_at_the_gateway_and_at_every_service_s_own_port(doors: Doors) -> None:
    where = {service: next(one for name, one in doors.straight if name == service and one[1].startswith("/v1/")) for service in doors.ports}
    bad = {kind: make(doors.issuer) for kind, make in BAD_TOKENS.items()}
    assert [
        (service, kind, said)
        for service, base in doors.ports.items()
        for kind, bearer in bad.items()
        if (said := [doors.ask(door, where[service], bearer) for door in (doors.city.base, base)]) != [REFUSED, REFUSED]
    ] == []
    good = doors.issuer.token(INTRUDER, "citizen")
    assert all(doors.ask(base, where[service], good)[0] != 401 for service, base in doors.ports.items()), "it is the suite's own key"


def test_a_token_of_an_ended_session_enters_nowhere(doors: Doors) -> None:
    """Neither by the gateway nor, as soon, at any service's own port."""
    ended, kept = (token(doors.city.suite.place, "siti") for _ in range(2))
    mine = {"Authorization": f"Bearer {kept}"}
    newest_first = doors.client.get(f"{doors.city.base}/v1/sessions", headers=mine).json()["items"]
    done = doors.client.post(f"{doors.city.base}/v1/sessions/{newest_first[1]['id']}/revocation", headers=mine)
    assert done.status_code == 200
    operations = doors.documented(doors.city.base)
    asked = [(doors.city.base, NOWHERE), *((base, doors.anybodys) for base in doors.ports.values())]
    until(lambda: all(doors.ask(base, one, ended) == REFUSED for base, one in asked), 5.0)
    assert [(one[:2], said) for one in operations if (said := doors.ask(doors.city.base, one, ended)) != REFUSED] == []
    straight = [(one, doors.ask(doors.ports[service], one, ended)) for service, one in doors.straight]
    assert [(one[:2], said) for one, said in straight if (said != REFUSED if one[1].startswith("/v1/") else not 400 <= said[0] < 500)] == []
