"""How often: per account or address, and class of route. In this process, or in Redis by `LIMITS_URL` with the process as its fallback."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from limits.storage import Storage, storage_from_string

from gateway.answers import Header
from smartcity.observability import log

WINDOW = 60
ALONE_FOR = 30.0
ANSWERS_WITHIN = 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a minute's quota; `reset` in seconds. `headers` after draft-ietf-httpapi-ratelimit-headers."""

    policy: str
    quota: int
    used: int
    reset: int

    @property
    def allowed(self) -> bool:
        return self.used <= self.quota

    @property
    def headers(self) -> list[Header]:
        left = max(0, self.quota - self.used)
        kept = [
            ("RateLimit-Policy", f'"{self.policy}";q={self.quota};w={WINDOW}'),
            ("RateLimit", f'"{self.policy}";r={left};t={self.reset}'),
        ]
        return kept if self.allowed else [*kept, ("Retry-After", str(self.reset))]


class Limits:
    """Counts in minutes of the clock. When the shared store is away, this process counts alone for half a minute, and says so."""

    def __init__(self, url: str, per_minute: Mapping[str, int]) -> None:
        self._quotas = per_minute
        self._minute, self._counts = 0, dict[tuple[str, str], int]()
        self._shared = _store(url) if url else None
        self._alone_until = 0.0

    def ask(self, policy: str, who: str) -> Verdict:
        """Count one request of `who`."""
        now = time.time()
        minute, second = divmod(int(now), WINDOW)
        used = self._together(policy, who, minute) if self._shared else None
        return Verdict(policy, self._quotas[policy], used or self._alone(policy, who, minute), WINDOW - second)

    def _alone(self, policy: str, who: str, minute: int) -> int:
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        used = self._counts[policy, who] = self._counts.get((policy, who), 0) + 1
        return used

    def _together(self, policy: str, who: str, minute: int) -> int | None:
        if time.monotonic() < self._alone_until or self._shared is None:
            return None
        try:
            used: int = self._shared.incr(f"gateway/{policy}/{who}/{minute}", 2 * WINDOW)
        except self._shared.base_exceptions as error:
            log.error("limits are counted here alone", error=error)
            self._alone_until = time.monotonic() + ALONE_FOR
            return None
        return used


def _store(url: str) -> Storage:
    """Raises `limits.errors.ConfigurationError` for an address it does not know."""
    quick = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN} if url.startswith("redis") else {}
    return storage_from_string(url, **quick)
