"""A request to its service and the answer back: what is passed on, what is not, and what is never held whole."""

from collections.abc import Iterable, Iterator

from gateway.answers import Answer, Header, asked_tags
from gateway.incoming import Request
from gateway.upstream import Call, Exchange, Upstream

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding",
     "upgrade", "expect", "http2-settings")
)  # fmt: skip
OURS = frozenset(
    ("host", "content-length", "x-request-id", "traceparent", "x-deadline-seconds", "forwarded", "via", "x-http-method-override")
)
IDENTITY = ("x-user", "x-forwarded", "x-real-", "x-original-", "x-rewrite-", "x-auth", "x-client-", "x-remote-", "x-cluster-", "x-ssl-")
PARTNERS = frozenset(("x-client-key",))
"""Begins like an identity header and is none: with it a bank says by SNAP which of its keys has signed."""
TAGS = frozenset(("if-none-match", "if-match"))
OF_ONE_ANSWER = TAGS | {"if-modified-since", "if-unmodified-since", "range", "if-range", "accept-encoding"}
NOT_BACK = HOP_BY_HOP | {"server", "date", "content-length", "x-powered-by", "alt-svc"}


def carry(request: Request, largest: int, upstream: Upstream, host: str, deadline: float) -> Answer:
    """The service's answer within `deadline` seconds, of a body of at most `largest` bytes. Raises `UpstreamAway` and `BodyFailed`."""
    exchange = upstream.send(call_of(request, largest, host, deadline))
    head, headers = exchange.head, passed_back(exchange)
    if request.method == "HEAD":
        exchange.close()
        return Answer(head.status, headers, (), head.length)
    body = exchange.at_once()
    if body is not None:
        return Answer(head.status, headers, body)
    exchange.stream(events=head.get("content-type").startswith("text/event-stream"))
    return Answer(head.status, headers, exchange, head.length, exchange.close)


def call_of(request: Request, largest: int, host: str, deadline: float) -> Call:
    """What is sent: a small body at once, so that nobody waits inside for a slow caller; a large one in parts. Raises `BodyFailed`."""
    parts, length = request.body.parts(largest), request.body.length
    first = b"" if request.body.ended else next(parts, b"")
    whole = request.body.ended
    if whole:
        framing = [("content-length", str(len(first)))] if first or request.method in ("POST", "PUT", "PATCH") else []
    else:
        framing = [("transfer-encoding", "chunked") if length is None else ("content-length", str(length))]
    head = head_of(request, host, [("x-deadline-seconds", f"{deadline:g}"), *framing])
    if whole or length is not None:
        return Call(request.method, head + first, deadline, None if whole else parts)
    return Call(request.method, head + _chunk(first), deadline, _chunks(parts))


def _chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    yield from map(_chunk, parts)
    yield b"0\r\n\r\n"


def head_of(request: Request, host: str, more: Iterable[Header], without: frozenset[str] = frozenset()) -> bytes:
    """The head of what is sent: the caller's headers but for hop-by-hop, forwarding and identity ones, and ours."""
    lines = [f"{request.method} {request.target} HTTP/1.1", f"host: {host}"]
    for name, value in request.headers:
        if name in HOP_BY_HOP or name in OURS or name in without:
            continue
        if name.startswith(IDENTITY) and name not in PARTNERS:
            continue
        lines.append(f"{name}: {asked_tags(value) if name in TAGS else value}")
    work = request.work
    lines += [f"x-request-id: {work.request_id}", f"traceparent: {work.traceparent}", f"x-forwarded-for: {request.address}"]
    lines += [f"{name}: {value}" for name, value in more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def passed_back(exchange: Exchange) -> list[Header]:
    """The service's headers but for hop-by-hop and identity ones."""
    stays = NOT_BACK.union(word.strip() for word in exchange.head.connection.split(",")) if exchange.head.connection else NOT_BACK
    return [line for line in exchange.head.headers if (name := line[0].lower()) not in stays and not name.startswith(IDENTITY)]
