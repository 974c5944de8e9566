"""Whoever must not, tries: every operation a test has played is called again by everybody else, in every wrong way.

OWASP API Security Top 10 (2023, `docs/owasp.md`): other people's things (1), tokens that are none (2), fields of one's own (3), bodies that cost (4), roles that may
not (5), headers (8), what nobody has documented (9). What is expected comes from the policy; what happens, from the running service.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from werkzeug.test import TestResponse

from smartcity.http.openapi import operations
from smartcity.http.policy import Grant
from smartcity.testing.bad_tokens import BAD_TOKENS, INTRUDER
from smartcity.testing.deep_values import deep_values
from smartcity.testing.examples import Call
from smartcity.testing.rows_of_others import rows_of_others
from smartcity.testing.tokens import ENDED
from smartcity.testing.tries import NOWHERE, Tries

EXTRA = {"owner_sub": INTRUDER, "status": "paid", "paid_total": 1, "roles": ["admin"], "told": 0}
DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
CONVERTED = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def _unless_named(said: TestResponse, tried: str, field: str) -> Iterator[str]:
    if said.status_code != 422 or field not in (said.json or {}).get("errors", {}):
        yield f"{tried} is {said.status_code}, not 422 for {field}"


def _unread(call: Call) -> tuple[int, ...]:
    """What may be said of a form before anybody looks whose it is: its parts are not kept, so it is tried empty."""
    return (400, 415, 422) if call.content_type and not call.body else ()


class Intruders(Tries):
    """Everybody who tries at one service, after a test has played its operations."""

    def wrong(self) -> list[str]:
        """Each try that ended otherwise than it must, named."""
        with self.own_tokens():
            seen = list(rows_of_others(self))  # first: what others try may leave something of theirs behind
            sent = [*self._unsent(), *self._bodies(), *self._forms(), *self._queries(), *deep_values(self)]
            asked = [*self._tokens(), *self._roles(), *self._own_cases(), *self._partners()]
            return sorted([*seen, *sent, *asked, *self._undocumented(), *self._headers()])

    def _tokens(self) -> Iterator[str]:
        made = {name: make(self.issuer) for name, make in BAD_TOKENS.items()}
        made["of an ended session"] = self.issuer.token(INTRUDER, "admin", sid=ENDED)
        for name, call in self.calls:
            open_to_all = any(grant.role == "anyone" for grant in self.grants(name))
            for kind, token in [*made.items(), *([] if open_to_all else [("none at all", None)])]:
                if (said := self.try_(call, token)).status_code != 401:
                    yield f"{name}: a token {kind} is {said.status_code}"

    def _roles(self) -> Iterator[str]:
        """Operation × role × ownership × office: every role that has nothing here, and every role at the office the policy names."""
        roles = sorted(
            {grant.role for grants in self.app.policy.values() for grant in grants} - {"anyone", "signed-in"} | {"citizen", "visitor"}
        )
        for name, call in self.calls:
            for role in roles:
                named = {grant.office for grant in self.grants(name) if grant.role == role and isinstance(grant.office, str)}
                for office in [NOWHERE, *sorted(named)]:
                    yield from self._cell(name, call, role, office)

    def _cell(self, name: str, call: Call, role: str, office: str) -> Iterator[str]:
        grants = [
            grant for grant in self.grants(name) if grant.role in (role, "signed-in", "anyone") and grant.office in (None, True, office)
        ]
        answer = self.try_(call, self.issuer.token(INTRUDER, role, office=office))
        said, refused = answer.status_code, answer.status_code == 403 and (answer.json or {}).get("type") == "/problems/not-allowed"
        about = f"{name}: {role} of {office}"
        if not grants:
            if said != 403:
                yield f"{about} is {said}, not 403"
        elif all(grant.own or grant.office is True for grant in grants):
            if said not in (403, 404, *_unread(call)):
                yield f"{about} gets {said} for what is another's"
        elif said == 401 or said >= 500 or refused:
            yield f"{about} is {said}, though the policy lets them"

    def _own_cases(self) -> Iterator[str]:
        """Where a grant is for other people's cases alone: whoever has a part in the very thing, and whoever acts for them, is sent to another."""
        for name, call in self.calls:
            for grant in self.grants(name):
                if grant.others:
                    yield from self._own_case(f"{name}: {grant.role}", call, grant)

    def _own_case(self, about: str, call: Call, grant: Grant) -> Iterator[str]:
        office = (call.office or call.actor.office) if grant.office is True else grant.office  # what was given back has none any more
        if not call.parties:
            yield f"{about} must not decide their own, and what was played is nobody's"
        for party in sorted(call.parties):
            for who, token in self._with_a_part(party, grant.role, office):
                answer = self.try_(call, token)
                if (answer.json or {}).get("type") != "/problems/own-case" and answer.status_code not in _unread(call):
                    yield f"{about} who is {who} is {answer.status_code}, not sent to another"

    def _with_a_part(self, party: str, role: str, office: Any) -> Iterator[tuple[str, str]]:
        yield "a party", self.issuer.token(party, role, office=office)
        yield "a party's deputy", self.issuer.token(INTRUDER, role, office=office, acting_for=[party])
        yield "of the party's company", self.issuer.token(INTRUDER, role, office=office, companies=[{"sub": party, "role": "staff"}])

    def _partners(self) -> Iterator[str]:
        """What lies outside `/v1` and is not for anyone: nobody comes in by a token alone, good or bad, without what the partner's own rules ask."""
        tokens = {f"a token {kind}": make(self.issuer) for kind, make in BAD_TOKENS.items()}
        roles = {f"{role}'s token": self.issuer.token(INTRUDER, role, office=NOWHERE) for role in ("citizen", "officer", "admin")}
        for name, call in sorted(self.recorder.calls.items()):
            if call.partner and not any(grant.role == "anyone" for grant in self.grants(name)):
                for kind, token in {"nothing": None, **tokens, **roles}.items():
                    if not 400 <= (said := self.try_(call, token, b"").status_code) < 500:
                        yield f"{name}: who brings {kind} is {said}"
            deep = replace(call, content_type="application/json")
            if call.partner and call.method == "POST" and not 400 <= (said := self.try_(deep, None, DEEP).status_code) < 500:
                yield f"{name}: a body 10,000 deep is {said}"

    def _unsent(self) -> Iterator[str]:
        """What is documented to be sent and was not, so that nothing could be tried with it."""
        documented = operations(self.described())
        for name, call in self.calls:
            if "requestBody" in documented[name] and not call.body and call.form is None:
                yield f"{name}: was played without its body"

    def _bodies(self) -> Iterator[str]:
        for name, call in self.calls:
            if call.content_type.partition(";")[0] != "application/json" or not call.body:
                continue
            token, body = self.as_played(call), json.loads(call.body)
            if (said := self.try_(call, token, DEEP)).status_code != 400:
                yield f"{name}: a body 10,000 deep is {said.status_code}"
            if isinstance(body, dict):
                for field, value in EXTRA.items():
                    if field not in body:
                        said = self.try_(call, token, json.dumps({**body, field: value}).encode())
                        yield from _unless_named(said, f"{name}: the field {field}", field)

    def _forms(self) -> Iterator[str]:
        """Parts of an upload: one too many, and each of them 10,000 deep. Its file stays out: what stands beside it is read first."""
        for name, call in self.calls:
            if call.form is None:
                continue
            token = self.as_played(call)
            for field in EXTRA:
                said = self.try_(call, token, {**call.form, field: "1"})
                yield from _unless_named(said, f"{name}: the part {field}", field)
            for field in call.form:
                said = self.try_(call, token, {**call.form, field: DEEP.decode()})
                yield from _unless_named(said, f"{name}: the part {field}, 10,000 deep,", field)

    def _queries(self) -> Iterator[str]:
        for name, call in self.calls:
            for field in EXTRA:
                asked = replace(call, path=f"{call.path}{'&' if '?' in call.path else '?'}{field}=1")
                if field not in call.path:
                    yield from _unless_named(self.try_(asked, self.as_played(call)), f"{name}: the parameter {field}", field)

    def _headers(self) -> Iterator[str]:
        for name, call in self.calls:
            said = self.try_(call, None)
            wanted = {"X-Content-Type-Options": "nosniff", "X-Request-Id": None, "Cache-Control": None}
            for header, value in wanted.items():
                if header not in said.headers or (value and said.headers[header] != value):
                    yield f"{name}: {header} is {said.headers.get(header)}"
            if said.status_code >= 400 and said.mimetype != "application/problem+json":
                yield f"{name}: {said.status_code} is no problem+json"
            odd = self.client.open(call.path, method="TRACE")
            if odd.status_code != 405 or not odd.headers.get("Allow"):
                yield f"{name}: TRACE is {odd.status_code}"

    def _undocumented(self) -> Iterator[str]:
        documented = {(path, method.upper()) for path, ways in self.described().items() for method in ways if method != "parameters"}
        rules = [rule for rule in self.app.url_map.iter_rules() if rule.endpoint not in self.app.open_endpoints]
        served = {
            (CONVERTED.sub(r"{\1}", rule.rule), method)
            for rule in rules
            for method in (rule.methods or ())
            if method not in ("HEAD", "OPTIONS")
        }
        for path, method in sorted(served ^ documented):
            yield f"{method} {path} is {'served and not documented' if (path, method) in served else 'documented and not served'}"
