"""Tokens and sessions that ended before their time, by the issuer's list: honoured within five seconds."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from smartcity.http import issuer
from smartcity.observability import log

EVERY = 2.0
LONGEST = 8_000_000


class Revoked:
    """The `jti`s and `sid`s that `fetch` answers, asked every two seconds; while it raises `OSError` or `ValueError` the last known ones serve."""

    def __init__(self, fetch: Callable[[], Iterable[str]] = frozenset) -> None:
        self._fetch = fetch
        self._ids: frozenset[str] = frozenset()
        self._away = False

    def begin(self) -> None:
        """Keep asking, in the process that serves; nobody is asked where there is no list."""
        if self._fetch is not frozenset:
            threading.Thread(target=self._keep_asking, name="revoked", daemon=True).start()

    def covers(self, claims: Mapping[str, Any]) -> bool:
        """Was this token revoked, or the session it is of?"""
        return bool(self._ids) and not self._ids.isdisjoint(str(claims.get(name)) for name in ("jti", "sid"))

    def ask(self) -> None:
        """Once. That it is not read is said once, until it is read again."""
        try:
            self._ids, self._away = frozenset(self._fetch()), False
        except (OSError, ValueError) as error:
            if not self._away:
                log.warning("list of revoked tokens not read", error=error)
            self._away = True

    def _keep_asking(self) -> None:
        while True:
            self.ask()
            time.sleep(EVERY)


def revoked_at(url: str) -> Revoked:
    """The list `{"revoked": [jti or sid, …]}` of an issuer; no `url`, no list."""
    return Revoked(lambda: _read(url)) if url else Revoked()


def _read(url: str) -> list[str]:
    told = issuer.read(url, LONGEST)
    if not isinstance(told, dict) or not isinstance(told.get("revoked"), list):
        raise ValueError("no list")
    return [str(one) for one in told["revoked"]]
