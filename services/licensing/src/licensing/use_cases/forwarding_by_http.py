"""Forwarding over HTTP: `PUT …/permits/{number}` hands a permit over, `GET` of the same asks what came of it.

How the national systems are really spoken to awaits confirmation; what differs belongs here and nowhere else.
"""

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, quote

from licensing.model.permit_forwarding import ForwardingStatus
from licensing.use_cases.national_systems import Answer, SystemAway, answer_of, code_of

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 100_000


class Over:
    """A system at an address. Follows no redirect; a call is given up after seconds."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.url, self.within = url, within
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
        connection = self._connection()
        path = f"{self.url.path.rstrip('/')}/permits/{quote(permit_no, safe='')}"
        headers = {**self.headers, **({"Content-Type": "application/json"} if body else {})}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, _json(self._read(answer))
        except TimeoutError:
            raise SystemAway("timed-out") from None
        except (OSError, http.client.HTTPException):
            raise SystemAway("unreachable") from None
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
                raise SystemAway("answer-unreadable")
        return body


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
