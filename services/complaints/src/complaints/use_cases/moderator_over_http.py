"""A moderator over HTTP: `POST …/looks` shows it words or a photo; it answers with `reasons`, a list that may be empty.

The interface is the city's own; what another system speaks belongs here and nowhere else.
"""

import base64
import http.client
import json
import ssl
import time
from typing import Any
from urllib.parse import SplitResult
from uuid import UUID

from complaints.use_cases.moderator import OTHER, REASONS, ModeratorAway, Picture, Words

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 10_000


class OverHttp:
    """A moderator at an address. Follows no redirect; a call is given up after seconds."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.url, self.within = url, within
        self.headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}

    def look(self, reference: UUID, shown: Words | Picture) -> frozenset[str]:
        """200 with a list of reasons: it has looked. All else: away."""
        status, told = self._call({"reference": str(reference), **_asked(shown)})
        if status != 200:
            raise ModeratorAway(f"status-{status}")
        reasons = told.get("reasons") if isinstance(told, dict) else None
        if not isinstance(reasons, list):
            raise ModeratorAway("answer-not-understood")
        return frozenset(reason if isinstance(reason, str) and reason in REASONS else OTHER for reason in reasons)

    def _call(self, body: dict[str, str]) -> tuple[int, Any]:
        connection = self._connection()
        try:
            connection.request("POST", f"{self.url.path.rstrip('/')}/looks", json.dumps(body), self.headers)
            answer = connection.getresponse()
            return answer.status, _json(self._read(answer))
        except TimeoutError:
            raise ModeratorAway("timed-out") from None
        except (OSError, http.client.HTTPException):
            raise ModeratorAway("no-connection") from None
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
                raise ModeratorAway("answer-not-understood")
        return body


def _asked(shown: Words | Picture) -> dict[str, str]:
    if isinstance(shown, Picture):
        return {"kind": "photo", "media_type": shown.media_type, "content": base64.b64encode(shown.content).decode()}
    return {"kind": "words", **vars(shown)}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise ModeratorAway("answer-not-understood") from None
