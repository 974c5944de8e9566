"""The national population system over HTTP: `PUT …/newborns/{reference}` asks for a NIK; the same question has the same answer.

How the system is really spoken to awaits confirmation; what differs belongs here and nowhere else.
"""

import json
from typing import Any
from urllib.parse import SplitResult, quote

from sqlalchemy.orm import Session

from civil_registry.use_cases.nik_authority import AuthorityAway, Newborn
from smartcity.identity_number import is_nik
from smartcity.partner import NoAnswer, Partner

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 10_000


class NationalPopulation:
    """A system at an address. Never called while a birth is being registered."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.partner = Partner(url, within, LARGEST)
        self.headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}

    def assign(self, session: Session, newborn: Newborn) -> str | None:
        """Later: the registration waits for nobody outside."""
        return None

    def ask(self, reference: str, newborn: Newborn) -> str | None:
        """200, 201: given. 202: not yet. All else: away."""
        status, told = self._call(reference, {"region": newborn.region, "born_on": newborn.born_on.isoformat(), "sex": newborn.sex})
        if status == 202:
            return None
        nik = told.get("nik") if isinstance(told, dict) else None
        if status not in (200, 201):
            raise AuthorityAway(f"status-{status}")
        if not isinstance(nik, str) or not is_nik(nik):
            raise AuthorityAway("answer-not-understood")
        return nik

    def _call(self, reference: str, body: dict[str, str]) -> tuple[int, Any]:
        try:
            status, told = self.partner.call("PUT", f"/newborns/{quote(reference, safe='')}", json.dumps(body).encode(), self.headers)
        except NoAnswer as nothing:
            raise AuthorityAway(nothing.reason) from None
        return status, _json(told)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise AuthorityAway("answer-not-understood") from None
