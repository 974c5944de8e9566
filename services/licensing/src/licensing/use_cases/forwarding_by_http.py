"""Forwarding over HTTP: `PUT …/permits/{number}` hands a permit over, `GET` of the same asks what came of it.

How the national systems are really spoken to awaits confirmation; what differs belongs here and nowhere else.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, quote

from licensing.model.permit_forwarding import ForwardingStatus
from licensing.use_cases.national_systems import Answer, SystemAway, answer_of, code_of
from smartcity.partner import NO_CONNECTION, NOT_UNDERSTOOD, NoAnswer, Partner

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 100_000
OUR_WORDS = {NO_CONNECTION: "unreachable", NOT_UNDERSTOOD: "answer-unreadable"}
"""What officers of this office have always read."""


class Over:
    """A system at an address."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.partner = Partner(url, within, LARGEST)
        self.headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}

    def send(self, permit_no: str, content: Mapping[str, Any]) -> Answer:
        """200, 201: acknowledged. 202: taken, to be decided. 409: known already. 422: refused. All else: away."""
        status, told = self._call("PUT", permit_no, json.dumps(content, ensure_ascii=False).encode())
        said = told if isinstance(told, dict) else {}
        if status in (200, 201, 409):
            return Answer(ForwardingStatus.ACKNOWLEDGED, code_of(said.get("reference")))
        if status == 202:
            return Answer(ForwardingStatus.FORWARDED, code_of(said.get("reference")))
        if status == 422:
            return Answer(ForwardingStatus.REFUSED, reason=code_of(said.get("reason")) or "refused")
        raise SystemAway(f"status-{status}")

    def ask(self, permit_no: str) -> Answer | None:
        """404: nothing known of it yet."""
        status, told = self._call("GET", permit_no)
        if status == 404:
            return None
        if status != 200:
            raise SystemAway(f"status-{status}")
        return answer_of(told)

    def _call(self, method: str, permit_no: str, body: bytes | None = None) -> tuple[int, Any]:
        headers = {**self.headers, **({"Content-Type": "application/json"} if body else {})}
        try:
            status, told = self.partner.call(method, f"/permits/{quote(permit_no, safe='')}", body, headers)
        except NoAnswer as nothing:
            raise SystemAway(OUR_WORDS.get(nothing.reason, nothing.reason)) from None
        return status, _json(told)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
