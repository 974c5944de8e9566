"""The national population system over HTTP: `PUT …/newborns/{reference}` asks for a NIK; the same question has the same answer.

How the system is really spoken to awaits confirmation; what differs belongs here and nowhere else.
"""

import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import SplitResult, quote

from sqlalchemy.orm import Session

from civil_registry.use_cases.nik_authority import AuthorityAway, Newborn
from smartcity.identity_number import is_nik

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 10_000


class NationalPopulation:
    """A system at an address. Follows no redirect; a call is given up after seconds. Never called while a birth is being registered."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.url, self.within = url, within
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
        connection = self._connection()
        try:
            connection.request("PUT", f"{self.url.path.rstrip('/')}/newborns/{quote(reference, safe='')}", json.dumps(body), self.headers)
            answer = connection.getresponse()
            return answer.status, _json(self._read(answer))
        except TimeoutError:
            raise AuthorityAway("timed-out") from None
        except (OSError, http.client.HTTPException):
            raise AuthorityAway("no-connection") from None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self.url.hostname or "", self.url.port
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self.within, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=self.within)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """The body; one that comes drop by drop is given up like one that does not come."""
        end, body = time.monotonic() + self.within, b""
        while part := answer.read1(LARGEST):
            body += part
            if time.monotonic() > end:
                raise TimeoutError
            if len(body) > LARGEST:
                raise AuthorityAway("answer-not-understood")
        return body


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise AuthorityAway("answer-not-understood") from None
