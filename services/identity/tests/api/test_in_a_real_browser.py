"""The sign-in page in Chromium: a person fills it in, and the browser's own rules let the answer through to the client."""

import fcntl
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from identity.rules.pkce import challenge_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the same flow is tested by HTTP alone")
FILL_IN = """
document.querySelector('#login').value = 'budi'; document.querySelector('#password').value = 'a long demo password';
document.querySelector('button[value=allow]').click()
"""
SEEN = """JSON.stringify({
  background: getComputedStyle(document.querySelector('button')).backgroundColor,
  labels: [...document.querySelectorAll('input:not([type=hidden])')].map(one => one.labels.length),
  requests: performance.getEntriesByType('resource').length, language: document.documentElement.lang,
  focused: document.activeElement.id, wide: document.documentElement.scrollWidth <= innerWidth})"""


class Chromium:
    """Chromium by its debugging pipe: one page."""

    def __init__(self, profile: Path) -> None:
        (read, self._to), (self._from, write) = os.pipe(), os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 100) for end in (read, write)]
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"]
        command = f'exec "{CHROMIUM}" "$@" 3<&{ends[0]} 4>&{ends[1]}'
        arguments = ["bash", "-c", command, "chromium", *options, f"--user-data-dir={profile}", "--window-size=420,900", "about:blank"]
        self.process = subprocess.Popen(arguments, pass_fds=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in (read, write, *ends):
            os.close(end)
        self._number, self._rest, self._session = 0, b"", {}
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        self.ask("Page.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command and its answer; what happens meanwhile is not looked at."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    def visit(self, address: str) -> None:
        """Go there and wait until the page has loaded."""
        self.ask("Page.navigate", url=address)
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def run(self, script: str) -> Any:
        return self.ask("Runtime.evaluate", expression=script)["result"].get("value")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._from, 65536)
            assert piece, "Chromium has gone"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(message)
        return said

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        os.close(self._to)
        os.close(self._from)


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    browser = Chromium(tmp_path / "profile")
    yield browser
    browser.close()


@pytest.fixture
def callback() -> Iterator[tuple[str, "list[str]", threading.Event]]:
    """A client's own address, and what arrives there."""
    arrived: list[str] = []
    something = threading.Event()

    class Client(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            if self.path.startswith("/callback"):
                arrived.append(self.path)
                something.set()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Client) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback", arrived, something
        server.shutdown()
        thread.join(10)


@pytest.mark.timeout(90)
def test_a_person_signs_in_with_a_real_browser(root: str, chromium: Chromium, callback: tuple[str, list[str], threading.Event]) -> None:
    address, arrived, something = callback
    asked = {
        "response_type": "code", "client_id": "portal", "redirect_uri": address, "scope": "openid profile", "state": "s-1",
        "code_challenge": challenge_of("v" * 43), "code_challenge_method": "S256", "ui_locales": "id",
    }  # fmt: skip
    chromium.visit(f"{root}/oauth/authorize?{urlencode(asked)}")
    seen = json.loads(chromium.run(SEEN))
    assert seen == {"background": "rgb(11, 93, 59)", "labels": [1, 1], "requests": 0, "language": "id", "focused": "login", "wide": True}
    chromium.run(FILL_IN)
    assert something.wait(30), "the browser did not come back to the client"
    answer = parse_qs(urlsplit(arrived[0]).query)
    assert answer["state"] == ["s-1"] and answer["code"]
