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

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the same flow is tested by HTTP alone")
FILL_IN = """
document.querySelector('#login').value = 'budi'; document.querySelector('#password').value = 'a long demo password';
document.querySelector('button[value=allow]').click()
"""
SEEN = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => JSON.stringify({
  background: getComputedStyle(document.querySelector('button[value=allow]')).backgroundColor,
  labels: [...document.querySelectorAll('input:not([type=hidden])')].map(one => one.labels.length),
  requests: performance.getEntriesByType('resource').length, language: document.documentElement.lang,
  focused: document.activeElement.id, wide: document.documentElement.scrollWidth <= innerWidth}))"""
"""Once the page has been painted: only then a field has the focus."""


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
        return self.ask("Runtime.evaluate", expression=script, awaitPromise=True)["result"].get("value")

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
def test_a_person_signs_in_with_a_real_browser_to_somebody_elses_client(
    root: str, chromium: Chromium, callback: tuple[str, list[str], threading.Event]
) -> None:
    address, arrived, something = callback
    verifier = generate_token(48)
    with OAuth2Session(
        "portal", scope="openid profile", redirect_uri=address, code_challenge_method="S256", token_endpoint_auth_method="none"
    ) as party:
        there, state = party.create_authorization_url(f"{root}/oauth/authorize", code_verifier=verifier, ui_locales="id")
        chromium.visit(there)
        seen = json.loads(chromium.run(SEEN))
        assert seen == {
            "background": "rgb(11, 93, 59)",
            "labels": [1, 1],
            "requests": 0,
            "language": "id",
            "focused": "login",
            "wide": True,
        }
        chromium.run(FILL_IN)
        assert something.wait(30), "the browser did not come back to the client"
        tokens = party.fetch_token(f"{root}/oauth/token", authorization_response=address + arrived[0], code_verifier=verifier, state=state)
        assert tokens["token_type"] == "Bearer" and party.get(f"{root}/oauth/userinfo").json()["name"] == "Budi Hasibuan"


FITS = """JSON.stringify({
  wide: document.documentElement.scrollWidth <= innerWidth,
  small: [...document.querySelectorAll('a, button, input:not([type=hidden])')].filter(one => one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML)})"""


@pytest.mark.timeout(120)
def test_every_page_fits_a_small_phone_and_every_control_a_thumb(chromium: Chromium, every_page: dict[str, Any]) -> None:
    """360 CSS pixels wide; 44 high (WCAG 2.2 §2.5.5)."""
    chromium.ask("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=False)
    frame = chromium.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
    for name, page in every_page.items():
        chromium.ask("Page.setDocumentContent", frameId=frame, html=page.text)
        assert json.loads(chromium.run(FITS)) == {"wide": True, "small": []}, name


READS = """(() => {
  const light = rgb => { const [r, g, b] = rgb.map(one => one / 255).map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const colour = (one, what) => getComputedStyle(one)[what].match(/[\\d.]+/g).map(Number);
  const ground = one => { const found = colour(one, 'backgroundColor'); return found[3] === 0 && one.parentElement ? ground(one.parentElement) : found.slice(0, 3) };
  const pale = one => { const [a, b] = [light(colour(one, 'color').slice(0, 3)), light(ground(one))]; return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5 };
  const written = [...document.querySelectorAll('main *')].filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return JSON.stringify({
    headings: document.querySelectorAll('h1').length, titled: document.title.length > 20, written: written.length > 2,
    pale: written.filter(pale).map(one => one.outerHTML),
    nameless: [...document.querySelectorAll('input:not([type=hidden])')].filter(one => one.labels.length !== 1).map(one => one.outerHTML),
    nowhere: [...document.querySelectorAll('[aria-describedby]')].flatMap(one => one.getAttribute('aria-describedby').trim().split(/\\s+/))
      .filter(id => !document.getElementById(id))})})()"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_read_by_whoever_sees_little_or_nothing(chromium: Chromium, every_page: dict[str, Any], scheme: str) -> None:
    """One heading, a title, a label for every field and its hints by reference; text on its ground 4.5 to 1 or more (WCAG 2.2 §1.4.3, §1.3.1, §3.3.2)."""
    chromium.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    frame = chromium.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
    for name, page in every_page.items():
        chromium.ask("Page.setDocumentContent", frameId=frame, html=page.text)
        seen = json.loads(chromium.run(READS))
        assert seen == {"headings": 1, "titled": True, "written": True, "pale": [], "nameless": [], "nowhere": []}, name
