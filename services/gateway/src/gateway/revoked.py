"""Tokens and sessions that ended before their time, by the issuer's list: honoured within five seconds."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

import gevent

from smartcity.http.auth import BadToken
from smartcity.observability import log

EVERY = 2.0
LONGEST = 8_000_000


class Revoked:
    """`{"revoked": [jti or sid, …]}` at `url`, asked every two seconds; with the issuer away the last known list serves. No `url`: no list."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._ids: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Keep asking, in the process that serves."""
        if self.url:
            gevent.spawn(self._keep_asking)

    def check(self, claims: Mapping[str, Any]) -> None:
        """Raises `BadToken` for a token, or a token of a session, that was revoked."""
        if self._ids and not self._ids.isdisjoint(str(claims.get(name)) for name in ("jti", "sid")):
            raise BadToken("revoked")

    def _keep_asking(self) -> None:
        while True:
            try:
                with gevent.Timeout(EVERY, TimeoutError), urllib.request.urlopen(self.url, timeout=EVERY) as answer:
                    self._ids = frozenset(map(str, json.loads(answer.read(LONGEST))["revoked"]))
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("list of revoked tokens not read", error=error)
            gevent.sleep(EVERY)
