"""A call over HTTP to a system outside the city: it follows no redirect, and is given up after seconds and bytes.

Only due work calls out, never a request or a transaction that somebody waits for.
"""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from smartcity.settings import Settings, SettingsError

TIMED_OUT, NO_CONNECTION, NOT_UNDERSTOOD = "timed-out", "no-connection", "answer-not-understood"


class NoAnswer(Exception):
    """Nothing came that could be read; `reason` is one of the three above: too slow, broken or not HTTP, longer than it may be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def address(config: Settings, name: str) -> SplitResult | None:
    """The address that the setting `name` holds, `None` where it was left out; raises `SettingsError` for what is none."""
    if not (text := config.extra[name]):
        return None
    try:
        url = urlsplit(text)
        if url.scheme in ("http", "https") and url.hostname:
            return url
    except ValueError:
        pass
    raise SettingsError(f"{name} must start with one of https://, http://")


@dataclass(frozen=True)
class Partner:
    """A system at an address. `within`: seconds for each step of a call, and for its whole answer; `largest`: bytes of that answer."""

    url: SplitResult
    within: float
    largest: int

    def path(self, below: str) -> str:
        """The path of what stands `below` the address."""
        return self.url.path.rstrip("/") + below

    def call(self, method: str, below: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer; raises `NoAnswer`."""
        connection = self._connection()
        try:
            connection.request(method, self.path(below), body, dict(headers))
            with connection.getresponse() as answer:
                return answer.status, self._read(answer)
        except TimeoutError:
            raise NoAnswer(TIMED_OUT) from None
        except (OSError, http.client.HTTPException):
            raise NoAnswer(NO_CONNECTION) from None
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
        while part := answer.read1(self.largest):
            body += part
            if time.monotonic() > end:
                raise TimeoutError
            if len(body) > self.largest:
                raise NoAnswer(NOT_UNDERSTOOD)
        return body
