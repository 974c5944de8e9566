"""A `web` process: one process a service, that answers what it has in hand before it ends."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

SLOW = """
import sys
from smartcity.web import Server

def app(environ, start_response):
    print("asked", flush=True)
    sys.stdin.readline()
    start_response("200 OK", [("Content-Length", "5")])
    return [b"still"]

Server(app, int(sys.argv[1])).serve()
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def web(port: int) -> Iterator[subprocess.Popen[str]]:
    """A server whose only answer waits for a line on its standard input."""
    with subprocess.Popen([sys.executable, "-c", SLOW, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        yield one
        one.kill()


def asked(web: subprocess.Popen[str], port: int) -> socket.socket:
    """A connection whose request the server has in hand."""
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port), timeout=20)
            break
        except ConnectionRefusedError:
            assert web.poll() is None
    line.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    assert web.stdout is not None
    assert web.stdout.readline() == "asked\n"
    return line


def test_a_service_serves_in_one_process(web: subprocess.Popen[str], port: int) -> None:
    with asked(web, port):
        assert psutil.Process(web.pid).children() == []


def test_what_was_asked_before_the_stop_is_answered_and_then_it_ends(web: subprocess.Popen[str], port: int) -> None:
    with asked(web, port) as line:
        web.send_signal(signal.SIGTERM)
        assert web.stdin is not None
        web.stdin.write("go on\n")
        web.stdin.flush()
        assert line.makefile().read().endswith("still")
    assert web.wait(20) == 0
