"""A moderator over HTTP: `POST …/looks` shows it words or a photo; it answers with `reasons`, a list that may be empty.

The interface is the city's own; what another system speaks belongs here and nowhere else.
"""

import base64
import json
from typing import Any
from urllib.parse import SplitResult
from uuid import UUID

from complaints.use_cases.moderator import OTHER, REASONS, ModeratorAway, Picture, Words
from smartcity.partner import NoAnswer, Partner

WITHIN = 5.0
"""Seconds for each step of a call, and for its whole answer."""
LARGEST = 10_000


class OverHttp:
    """A moderator at an address."""

    def __init__(self, url: SplitResult, token: str, within: float = WITHIN) -> None:
        self.partner = Partner(url, within, LARGEST)
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
        try:
            status, told = self.partner.call("POST", "/looks", json.dumps(body).encode(), self.headers)
        except NoAnswer as nothing:
            raise ModeratorAway(nothing.reason) from None
        return status, _json(told)


def _asked(shown: Words | Picture) -> dict[str, str]:
    if isinstance(shown, Picture):
        return {"kind": "photo", "media_type": shown.media_type, "content": base64.b64encode(shown.content).decode()}
    return {"kind": "words", **vars(shown)}


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise ModeratorAway("answer-not-understood") from None
