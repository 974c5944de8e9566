"""HTTP/1.1 towards an upstream: one connection, one exchange after the other. Strict: an answer that is unclear is an error (RFC 9112)."""

import re
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import gevent

from gateway.watching import Spoke, watching

PART = 65536
LONGEST_HEAD = 65536
LONGEST_LINE = 8192
STATUS = re.compile(r"HTTP/1\.([01]) ([1-5][0-9]{2})(?: ([^\x00-\x08\x0a-\x1f\x7f]*))?")
FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
INTERIM = b"HTTP/1.1 1"
DIGITS = re.compile(r"[0-9]{1,18}")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


def of_all_lines(headers: Iterable[tuple[str, str]], name: str) -> str:
    """The value of the header `name` (lower case): several lines of one are one list (RFC 9110 §5.3); empty where there is none."""
    return ", ".join(value for key, value in headers if key.lower() == name)


class Unclear(ConnectionError):
    """The answer cannot be understood, or ended before its end."""


@dataclass(slots=True)
class Head:
    """The beginning of an answer. `length` of the body in bytes, `None` where only its end tells; `bare`: none follows, whatever it says.

    `connection` is what it says of the connection, in lower case.
    """

    status: int
    headers: list[tuple[str, str]]
    length: int | None
    chunked: bool
    bare: bool
    keeps: bool
    connection: str

    def get(self, name: str) -> str:
        """The value of the header `name` (lower case), of all its lines; empty where there is none."""
        return of_all_lines(self.headers, name)


class Wire:
    """A connection to `host:port`; raises `OSError` where it does not come about within `within` seconds."""

    def __init__(self, host: str, port: int, within: float) -> None:
        self.sock = socket.create_connection((host, port), within)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""
        self._asked, self._until = time.monotonic(), float("inf")
        self.spoiled = False

    @property
    def quiet(self) -> bool:
        """Nothing has come: an idle connection that became readable was closed by the other side, or speaks unasked."""
        self.sock.settimeout(0)
        try:
            self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return not self._held
        except OSError:
            pass
        return False

    def send(self, first: bytes, rest: Iterable[bytes] | None) -> None:
        """Send a request. An upstream that answers before it has read everything is heard, and gets no more of it."""
        try:
            if rest is None:
                return self.sock.sendall(first)
            with watching(self.sock, self._answer_begun):
                self.sock.sendall(first)
                for part in rest:
                    self.sock.sendall(part)
                    gevent.sleep(0)  # a quick caller takes its turn like everybody
        except Spoke:
            self.spoiled = True
        except (BrokenPipeError, ConnectionResetError):
            within = self.sock.gettimeout()
            if self.quiet:
                raise
            self.sock.settimeout(within)
            self.spoiled = True

    def _answer_begun(self) -> bool:
        """What can be read now is taken in. More than interim answers, or the end, is an answer; those are not (RFC 9110 §15.2)."""
        within = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            self._held += (part := self.sock.recv(PART))
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.sock.settimeout(within)
        at = 0
        while self._held.startswith(INTERIM, at) and (end := self._held.find(b"\r\n\r\n", at)) >= 0:
            at = end + 4
        return not part or len(self._held) > LONGEST_HEAD or not INTERIM.startswith(self._held[at : at + len(INTERIM)])

    @property
    def waited(self) -> float:
        """Seconds since the request was sent."""
        return time.monotonic() - self._asked

    def answer_within(self, seconds: float) -> None:
        """So long for all that is still to be read: drops do not make it longer."""
        self._asked = time.monotonic()
        self._until = self._asked + seconds

    def each_within(self, seconds: float) -> None:
        """So long for each piece that is still to be read."""
        self._until = float("inf")
        self.sock.settimeout(seconds)

    def head(self, method: str) -> Head:
        """The final answer's beginning; interim answers (1xx) are passed over."""
        while True:
            while (end := self._held.find(b"\r\n\r\n")) < 0:
                if len(self._held) > LONGEST_HEAD:
                    raise Unclear("head too long")
                self._held += self._more()
            if end > LONGEST_HEAD:
                raise Unclear("head too long")
            raw, self._held = self._held[:end], self._held[end + 4 :]
            head = read_head(raw.decode("latin-1"), method)
            if head.status >= 200:
                return head
            if head.status == 101:
                raise Unclear("another protocol")

    def parts(self, head: Head) -> Iterator[bytes]:
        """The body as it comes in."""
        if head.bare:
            return iter(())
        if head.chunked:
            return self._chunks()
        return self._until_closed() if head.length is None else self._of_length(head.length)

    def _read(self) -> bytes:
        """What comes next; nothing at the end."""
        if self._until < float("inf"):
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
        return self.sock.recv(PART)

    def _more(self) -> bytes:
        if not (part := self._read()):
            raise Unclear("ended early")
        return part

    def _of_length(self, left: int) -> Iterator[bytes]:
        while left:
            part = self._held or self._more()
            part, self._held = part[:left], part[left:]
            left -= len(part)
            yield part

    def _until_closed(self) -> Iterator[bytes]:
        part, self._held = self._held, b""
        while part or (part := self._read()):
            yield part
            part = b""

    def _chunks(self) -> Iterator[bytes]:
        while size := self._chunk_size():
            yield from self._of_length(size)
            if self._line():
                raise Unclear("chunk without its end")
        while self._line():  # trailers are dropped
            pass

    def _chunk_size(self) -> int:
        line = CHUNK.fullmatch(self._line())
        if line is None:
            raise Unclear("chunk without a size")
        return int(line[1], 16)

    def _line(self) -> bytes:
        while (end := self._held.find(b"\r\n")) < 0:
            if len(self._held) > LONGEST_LINE:
                raise Unclear("line too long")
            self._held += self._more()
        line, self._held = self._held[:end], self._held[end + 2 :]
        return line

    def close(self) -> None:
        self.sock.close()


def read_head(raw: str, method: str) -> Head:
    """The head of an answer to `method`, without its last empty line. Raises `Unclear`."""
    first, *lines = raw.split("\r\n")
    status = STATUS.fullmatch(first)
    fields = [FIELD.fullmatch(line) for line in lines]
    if status is None or None in fields:
        raise Unclear("no head of HTTP/1.1")
    headers = [(field[1], field[2].rstrip(" \t")) for field in fields if field]
    lengths, codings, options = set[str](), list[str](), list[str]()
    for name, value in headers:
        match name.lower():
            case "content-length":
                lengths.add(value)
            case "transfer-encoding":
                codings.append(value.lower())
            case "connection":
                options.append(value.lower())
    if codings not in ([], ["chunked"]) or len(lengths) > 1 or (lengths and (codings or not all(map(DIGITS.fullmatch, lengths)))):
        raise Unclear("length told twice, or not at all")
    bare = method == "HEAD" or status[2] in ("204", "304") or status[2] < "200"
    length = int(next(iter(lengths))) if lengths else None
    connection = ",".join(options)
    keeps = status[1] == "1" and "close" not in connection and (bare or length is not None or bool(codings))
    return Head(int(status[2]), headers, length, bool(codings), bare, keeps, connection)
