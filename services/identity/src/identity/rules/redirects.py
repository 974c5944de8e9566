"""Where a browser may be sent back to: exact addresses, with the one freedom of RFC 8252 for loopback ports."""

from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit, urlunsplit

LOOPBACK = ("127.0.0.1", "::1")
LONGEST = 500


def _without_port(uri: str) -> str | None:
    """The address without its port when it is plain HTTP to a loopback literal; else `None`."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.username is not None or port == 0:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def is_allowed(asked: str, registered: Iterable[str]) -> bool:
    """Is `asked` one of the client's addresses? Compared as text (RFC 9700 §4.1.3); a loopback port is free (RFC 8252 §7.3)."""
    if not asked.isascii() or not asked.isprintable() or " " in asked or "#" in asked or "\\" in asked or len(asked) > LONGEST:
        return False
    loopback = _without_port(asked)
    return any(asked == one or (loopback is not None and loopback == _without_port(one)) for one in registered)


def origin_of(uri: str) -> str:
    """Scheme and authority of an allowed address, as a Content-Security-Policy source."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def with_answer(uri: str, answer: dict[str, str]) -> str:
    """`uri` with the answer's parameters added to its query."""
    return uri + ("&" if urlsplit(uri).query else "?") + urlencode(answer)
