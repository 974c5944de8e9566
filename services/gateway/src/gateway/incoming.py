"""A request at the door: what gunicorn's strict parser read, what is still unclear in it, and its body as it comes in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote

from gevent import Timeout
from gunicorn.http.errors import ParseException

from gateway.wire import DIGITS, PART
from smartcity import context

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"))
SINGLE = ("host", "content-type", "content-length", "authorization", "idempotency-key", "if-match", "transfer-encoding", "expect")
OF_CONNECTION = frozenset(("keep-alive", "close"))
"""What `Connection` says of itself; any other word of it is the name of a header."""
HOST = re.compile(r"[A-Za-z0-9._\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
REQUEST_ID = re.compile(r"[A-Za-z0-9\-]{1,64}")
ODD = re.compile(r"[\x00-\x1f\x7f\\]")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class BodyFailed(Exception):
    """The body did not come as it must: too slow (408), too large (413), or not readable (400)."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Terms:
    """How long we wait, in seconds, and whom we believe.

    The head must come within `head`; each part of the body within as long, and a second for every `rate` bytes of it. No route waits
    longer than `deadline` for its service. `proxies` of ours may say for whom they call.
    """

    head: int = 10
    rate: int = 1024
    deadline: int = 60
    proxies: Networks = ()


class Body:
    """What follows the head. `length` in bytes, `None` when it comes in chunks."""

    def __init__(self, parsed: Any, sock: Any, length: int | None, expected: bool, terms: Terms) -> None:
        self._parsed, self._sock, self._expected, self._terms = parsed, sock, expected, terms
        self.length = length
        self.left = length
        self.failed = False

    @property
    def ended(self) -> bool:
        """Read to its end."""
        return self.left == 0

    @property
    def can_be_passed_over(self) -> bool:
        """The next request begins where it ends, and that is not far. Who was not told to send it may leave it out (RFC 9110 §10.1.1)."""
        return not self.failed and (self.ended or (self.left is not None and self.left <= PART and not self._expected))

    def part(self) -> bytes:
        """The next 64 KiB, less only at the end. Raises `BodyFailed`."""
        if self.left == 0:
            return b""
        wanted = PART if self.left is None else min(self.left, PART)
        try:
            if self._expected:
                self._expected = False
                self._sock.sendall(CONTINUE)
            with Timeout(self._terms.head + wanted / self._terms.rate, BodyFailed(408, "too-slow")):
                part: bytes = self._parsed.read(wanted)
        except TimeoutError:
            self.failed = True
            raise BodyFailed(408, "too-slow") from None
        except (OSError, ParseException):
            self.failed = True
            raise BodyFailed(400, "unreadable") from None
        except BaseException:
            self.failed = True
            raise
        self._count(len(part), wanted)
        return part

    def _count(self, came: int, wanted: int) -> None:
        if self.left is None:
            self.left = 0 if came < wanted else None
            return
        self.left -= came
        if came < wanted:
            self.failed = True
            raise BodyFailed(400, "unreadable")

    def parts(self, most: int) -> Iterator[bytes]:
        """What is still to come. Raises `BodyFailed` when the whole is more than `most` bytes."""
        came = 0
        while part := self.part():
            came += len(part)
            if came > most:
                self.failed = True
                raise BodyFailed(413, "too-large")
            yield part


@dataclass(slots=True)
class Request:
    """`target` as it was sent, `path` decoded; header names in lower case, in their order; `address` of the caller."""

    method: str
    target: str
    path: str
    headers: list[tuple[str, str]]
    address: str
    body: Body
    work: context.Context
    sent: dict[str, str]
    clear: bool = True
    closes: bool = False

    def get(self, name: str) -> str:
        """The value of the header `name` (lower case), of all its lines; empty where there is none."""
        return self.sent.get(name, "")


def received(parsed: Any, sock: Any, peer: str, terms: Terms) -> Request:
    """A `Request` of what gunicorn parsed. What is for this connection alone is nobody's business behind it, ours neither (RFC 9110 §7.6.1)."""
    headers = [(name.lower(), value) for name, value in parsed.headers if "_" not in name]
    sent = _joined(headers)
    options = {word.strip().lower() for word in sent["connection"].split(",")} if "connection" in sent else OF_CONNECTION
    clear, address = options.isdisjoint(SINGLE), _caller(peer, sent, terms.proxies)
    if clear and not options <= OF_CONNECTION:
        headers = [line for line in headers if line[0] not in options]
        sent = _joined(headers)
    length = sent.get("content-length", "0")
    size = None if "transfer-encoding" in sent else int(length) if DIGITS.fullmatch(length) else 0
    body = Body(parsed.body, sock, size, "expect" in sent and parsed.version >= (1, 1), terms)
    path = unquote(parsed.path) if "%" in parsed.path else parsed.path
    request = Request(parsed.method, parsed.uri, path, headers, address, body, _work(sent), sent)
    request.clear = clear and _clear(request, parsed.version)
    request.closes = "connection" in sent and "close" in options
    return request


def _joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; several lines of one are one list (RFC 9110 §5.3)."""
    sent = dict(headers)
    if len(sent) != len(headers):
        sent = {name: ", ".join(value for key, value in headers if key == name) for name in sent}
    return sent


def _clear(request: Request, version: tuple[int, int]) -> bool:
    """Nothing in it could be understood in two ways."""
    sent, coding = request.sent, request.get("transfer-encoding")
    if len(sent) != len(request.headers):
        names = [name for name, _ in request.headers]
        if any(names.count(name) > 1 for name in SINGLE):
            return False
    if not HOST.fullmatch(sent.get("host", "")) and (version >= (1, 1) or "host" in sent):
        return False
    if coding and (coding.lower() != "chunked" or "content-length" in sent):
        return False
    if not DIGITS.fullmatch(sent.get("content-length", "0")) or (request.body.length != 0 and request.method in WITHOUT_BODY):
        return False
    return not _odd(request.target, request.path)


def _work(sent: dict[str, str]) -> context.Context:
    """The ids the work gets: the caller's request id where it is a plain one, a child of the caller's trace."""
    asked = sent.get("x-request-id", "")
    request_id = asked if REQUEST_ID.fullmatch(asked) else context.new_id()
    return context.child_of(sent.get("traceparent"), request_id=request_id, correlation_id=request_id)


def _odd(target: str, path: str) -> bool:
    """Two readers could take it for two places: an absolute address, a fragment, a backslash, dots that climb, controls."""
    climbs = "/../" in f"{path}/" or "/./" in f"{path}/"
    return climbs or not target.startswith("/") or "#" in target or ODD.search(path) is not None


def _caller(peer: str, sent: dict[str, str], trusted: Networks) -> str:
    """Who calls: the peer; behind proxies of ours, the last address of X-Forwarded-For that is not one of theirs."""
    if not trusted or not _ours(ip_address(peer), trusted):
        return peer
    for told in reversed(sent.get("x-forwarded-for", "").split(",")):
        try:
            address = ip_address(told.strip())
        except ValueError:
            return peer
        if not _ours(address := getattr(address, "ipv4_mapped", None) or address, trusted):
            return str(address)
    return peer


def _ours(address: Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)
