"""gunicorn's gevent worker with its strict parser, and the gateway's own way of asking and answering: one write, an honest end."""

import errno
import socket
import time
from contextlib import nullcontext
from email.utils import formatdate
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from gevent import Timeout, get_hub, getcurrent
from gunicorn.http import errors, message, parser
from gunicorn.workers.ggevent import GeventWorker

from gateway.answers import REASONS, SECURITY, Answer, problem
from gateway.incoming import received
from gateway.watching import Spoke, watching
from gateway.wire import PART
from smartcity import tracing
from smartcity.observability import REQUESTS, log

WRITE_WITHIN = 30.0
"""Seconds a caller may take to accept 64 KiB."""
LINGER = 5.0
GONE = (errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN)
REFUSED = {
    errors.LimitRequestLine: (414, "too-large"),
    errors.LimitRequestHeaders: (431, "too-large"),
    errors.ExpectationFailed: (417, "unreadable"),
}


class TooLate(Exception):
    """The head of a request did not come in time."""


class Parsed(message.Request):
    """A head as gunicorn reads it. What it says of the way it came is judged in `incoming` alone."""

    def _peer_trusted_for_forwarded(self) -> tuple[dict[str, str], list[str]]:
        return {}, []


class Heads(parser.RequestParser):
    """The heads on one connection. Each must come whole within so many `seconds`, however it drips."""

    mesg_class = Parsed

    def __init__(self, settings: Any, sock: Any, peer: Any, seconds: float) -> None:
        super().__init__(settings, sock, peer)
        self._sock, self._late = sock, getcurrent().throw
        self._clock = get_hub().loop.timer(seconds, seconds)  # only one that repeats begins anew, see `ev_timer_again`

    def __next__(self) -> Any:
        """Raises `TooLate`, and `StopIteration` at the end."""
        self._clock.again(self._late, TooLate)
        self._sock.settimeout(None)
        try:
            return super().__next__()
        finally:
            self._sock.settimeout(WRITE_WITHIN)
            self._clock.stop()

    def close(self) -> None:
        self._clock.close()


def plain(config: Any) -> SimpleNamespace:
    """gunicorn's settings as its parser asks for them with each head: looked up once."""
    return SimpleNamespace(is_ssl=False, **{name: setting.get() for name, setting in config.settings.items()})


class DoorWorker(GeventWorker):
    """Reads as gunicorn does, HTTP/1 alone; hands each request to the gateway and writes what it answers."""

    def run(self) -> None:
        self.wsgi.begin()
        super().run()
        tracing.close()

    def init_process(self) -> None:
        self.settings = plain(self.cfg)
        super().init_process()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """One request after the other; the connection is closed by who calls."""
        heads = Heads(self.settings, client, addr, self.wsgi.terms.head)
        try:
            while True:
                self.handle_request(listener, next(heads), client, addr)
        except (StopIteration, TooLate, errors.NoMoreData):
            pass
        except BaseException as error:
            if not isinstance(error, OSError) or error.errno not in GONE:
                self.handle_error(None, client, addr, error)
        finally:
            heads.close()

    def handle_request(self, listener: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer one request; raises `StopIteration` when the connection is not to be used again."""
        request = received(req, sock, addr[0], self.wsgi.terms)
        answer = self.wsgi(request)
        keeps = self.alive and not (req.should_close() or request.closes) and request.body.can_be_passed_over
        try:
            write(sock, req.version, request.method, answer, keeps)
        except (OSError, Timeout, Spoke) as gone:
            log.info("answer not taken to its end", reason=type(gone).__name__)
            raise StopIteration from None
        finally:
            answer.close()
        if not keeps:
            if not request.body.ended:
                linger(sock)
            raise StopIteration

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What the parser refused: a plain problem, and the connection ends. What was sent is not repeated in logs or answers."""
        if not isinstance(exc, errors.ParseException):
            if isinstance(exc, Exception):
                log.error("connection failed", error=exc)
            return
        status, code = next((told for kind, told in REFUSED.items() if isinstance(exc, kind)), (400, "unreadable"))
        REQUESTS.labels("(unreadable)", "OTHER", status).inc()
        log.info("request refused", reason=type(exc).__name__, status=status)
        answer = problem(None, status, code)
        answer.headers.extend(SECURITY)
        try:
            write(client, (1, 1), "GET", answer, False)
            linger(client)
        except OSError:
            log.info("answer not taken to its end", status=status)


def write(sock: Any, version: tuple[int, int], method: str, answer: Answer, keeps: bool) -> None:
    """Send `answer`: whole in one piece, else in parts as they come. Raises `OSError` where it cannot be sent or ends early.

    Who listens to events says nothing meanwhile: a word of theirs is their leaving, and raises `Spoke`.
    """
    bare = method == "HEAD" or answer.status in (204, 304)
    chunked = answer.length is None and not bare and version >= (1, 1)
    keeps = keeps and (chunked or bare or answer.length is not None)
    head = _head(version, answer, chunked, keeps)
    if isinstance(answer.body, bytes):
        whole = head if bare else head + answer.body
        for at in range(0, len(whole), PART):
            _send(sock, whole[at : at + PART])
        return
    sock.sendall(head)
    if bare:
        return
    with watching(sock) if answer.get("content-type").startswith("text/event-stream") else nullcontext():
        for part in answer.body:
            sock.sendall(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
    if chunked:
        sock.sendall(b"0\r\n\r\n")


def _send(sock: Any, data: bytes) -> None:
    """Mostly it goes at once; gevent's `sendall` first asks how large the buffer is."""
    try:
        sent = sock.send(data, 0, 0.0)
    except BlockingIOError:
        sent = 0
    if sent < len(data):
        sock.sendall(data[sent:])


def _head(version: tuple[int, int], answer: Answer, chunked: bool, keeps: bool) -> bytes:
    lines = [f"HTTP/1.{min(version[1], 1)} {answer.status} {REASONS.get(answer.status, 'Unknown')}", _date(int(time.time()))]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif answer.length is not None and answer.status not in (204, 304):
        lines.append(f"Content-Length: {answer.length}")
    lines.append("Connection: keep-alive" if keeps else "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(1)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}"


def linger(sock: Any) -> None:
    """Let a caller that is still sending hear the answer: stop talking, and pass over what comes for a moment."""
    with Timeout(LINGER, False):
        try:
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(PART):
                pass
        except OSError:
            return
