"""Fixtures of identity's tests: the seeded demonstration, and a browser that fills in the sign-in page."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwk, jwt
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from identity.rules.pkce import challenge_of
from identity.service import SERVICE
from identity.use_cases import other_issuer as federated
from identity.use_cases.demo import seed_demo, seed_demo_clients
from smartcity import clock as city_clock
from smartcity.http.app import CityFlask
from smartcity.http.auth import Keys, Verifier
from smartcity.service import Service, create_app
from smartcity.settings import Settings
from smartcity.storage import migrate, root_keys
from smartcity.storage.transaction import Database
from smartcity.testing import postgres

pytest_plugins = ["smartcity.testing.plugin"]

PASSWORD = "a long demo password"
BANK_SECRET = "a secret: of the bank"
VERIFIER = "v" * 43
CALLBACK = "http://127.0.0.1:5555/callback"


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture(scope="session")
def template(postgres_server: str, service: Service) -> str:
    """A migrated database with the demonstration's accounts and clients, to copy."""
    from smartcity.testing.plugin import SECRET  # not above: pytest wants to import its plugins itself

    url = postgres.create(postgres_server, "template_identity")
    migrate.upgrade(service.package, url)
    database = Database(url)
    root_keys.configure(database.engine, base64.b64decode(SECRET))
    with database.transaction() as session:
        seed_demo(session, PASSWORD, city_clock.real_now())
        seed_demo_clients(session, {"BANK_CLIENT_SECRET": BANK_SECRET, "AGENCY_CLIENT_SECRET": "a secret of the agency"})
    database.close()
    return "template_identity"


@pytest.fixture
def app(service: Service, config: Settings) -> Iterator[CityFlask]:
    """Identity on a fresh database, checking tokens with its own keys."""
    made = create_app(service, config)
    yield made
    made.database.close()
    city_clock.configure(None)


class FormFields(HTMLParser):
    """The hidden fields of the page's first form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = 0
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.forms += tag == "form"
        if tag == "input" and about.get("type") == "hidden" and self.forms == 1:
            self.found[str(about["name"])] = str(about["value"])


@dataclass
class Browser:
    """A browser at the authorization endpoint, for one client."""

    client: FlaskClient
    asked: dict[str, str] = field(default_factory=lambda: {
        "response_type": "code", "client_id": "portal", "redirect_uri": CALLBACK, "scope": "openid profile offline_access", "state": "s-1",
        "nonce": "n-1", "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
    })  # fmt: skip

    def open(self, **changed: str | None) -> TestResponse:
        """Arrive with the request, some parameters changed or (None) left out."""
        params = {name: value for name, value in {**self.asked, **changed}.items() if value is not None}
        return self.client.get("/oauth/authorize", query_string=params)

    def submit(
        self,
        page: TestResponse,
        login: str,
        password: str = PASSWORD,
        decision: str = "allow",
        extra: dict[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """Fill in the page and press a button."""
        fields = FormFields()
        fields.feed(page.text)
        return self.client.post(
            "/oauth/authorize", data={**fields.found, "login": login, "password": password, "decision": decision, **(extra or {})}, **more
        )

    def code(self, login: str, **changed: str | None) -> str:
        """Sign in and come back with the code."""
        return answer_of(self.submit(self.open(**changed), login))["code"]

    def redeem(self, code: str, /, **changed: str) -> TestResponse:
        """What the client does with the code."""
        form = {
            "grant_type": "authorization_code",
            "client_id": "portal",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changed,
        }
        return self.client.post("/oauth/token", data=form)

    def refresh(self, token: str, /, **changed: str) -> TestResponse:
        return self.client.post(
            "/oauth/token", data={"grant_type": "refresh_token", "client_id": "portal", "refresh_token": token, **changed}
        )

    def tokens(self, login: str) -> dict[str, Any]:
        """The tokens of a whole sign-in."""
        found: dict[str, Any] = self.redeem(self.code(login)).json
        return found


@dataclass
class Person:
    """Somebody with a browser who fills in the pages' first forms, and reads the letters that `work` sends."""

    client: FlaskClient
    run_due: Callable[[], list[str]]
    folder: Path

    def send(self, page: TestResponse, address: str, **typed: str) -> TestResponse:
        """Fill in the page's first form."""
        fields = FormFields()
        fields.feed(page.text)
        return self.client.post(address, data={**fields.found, **typed})

    def letters(self) -> list[EmailMessage]:
        """Every letter that has been sent, oldest first."""
        assert set(self.run_due()) <= {"done"}
        found = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default) for file in found]

    def code(self) -> str:
        """The code of the newest letter that has one."""
        codes = [word for letter in self.letters() for word in re.findall(r"\b[0-9]{6}\b", letter["Subject"])]
        return codes[-1]


@pytest.fixture
def person(client: FlaskClient, run_due: Callable[..., list[str]], config: Settings) -> Person:
    return Person(client, run_due, Path(urlsplit(config.files_url).path) / "messages")


def answer_of(response: TestResponse) -> dict[str, str]:
    """What a redirect carries back to the client."""
    assert response.status_code == 303, response.text
    return dict(parse_qsl(urlsplit(response.location).query))


@pytest.fixture(scope="session")
def read_answer() -> Callable[[TestResponse], dict[str, str]]:
    return answer_of


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


@pytest.fixture
def bearer(browser: Browser) -> Callable[[str], dict[str, str]]:
    """`bearer("budi")`: headers with a token of a real sign-in."""
    return lambda login: {"Authorization": f"Bearer {browser.tokens(login)['access_token']}"}


@pytest.fixture
def root(app: CityFlask) -> Iterator[str]:
    """The address of a live server. The issuer's name stays the suite's public one, as behind the gateway."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@dataclass
class OtherIssuer:
    """Another issuer, speaking ES512 as the national one does, over HTTP: whom it signs in, and what it says of them."""

    root: str = ""
    key: Any = field(default_factory=lambda: jwk.ECKey.generate_key("P-521", {"kid": "other-1"}, auto_kid=False))
    client_key: Any = field(default_factory=lambda: jwk.ECKey.generate_key("P-521", {"kid": "ours-1"}, auto_kid=False))
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "person-1", "nik": "1271014203990001"})
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    secret: str = ""
    more_keys: list[Any] = field(default_factory=list)

    def configuration(self) -> dict[str, str]:
        paths = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        return {"issuer": self.root, **{name: f"{self.root}/{name}" for name in paths}}

    def authorize(self, address: str) -> str:
        """What its page does once the person has signed in: where the browser is sent."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.root}/authorization_endpoint?") and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.begun)}"
        self.begun[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.root})}"

    def token(self, request: Request) -> Response:
        form = request.form.to_dict()
        asked = self.begun.pop(form["code"], None)
        proven = asked is not None and challenge_of(form["code_verifier"]) == asked["code_challenge"]
        if not proven or form["redirect_uri"] != asked["redirect_uri"] or not self._knows(request):  # type: ignore[index]
            return Response('{"error": "invalid_grant"}', 400, mimetype="application/json")
        now = int(time.time())
        claims = {"iss": self.root, "aud": "medan", "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.claims}  # type: ignore[index]
        token = self.sign(claims) if self.sign else jwt.encode({"alg": "ES512", "kid": "other-1"}, claims, self.key, algorithms=["ES512"])
        return Response(json.dumps({"access_token": "at", "token_type": "Bearer", "id_token": token}), mimetype="application/json")

    def _knows(self, request: Request) -> bool:
        if self.secret:
            basic = request.authorization
            return basic is not None and (basic.username, basic.password) == ("medan", self.secret)
        said = jwt.decode(request.form["client_assertion"], self.client_key, algorithms=["ES512"]).claims
        return (said["iss"], said["sub"], said["aud"]) == ("medan", "medan", f"{self.root}/token_endpoint") and bool(said["jti"])

    @Request.application
    def serve(self, request: Request) -> Response:
        answers = {
            "/.well-known/openid-configuration": self.configuration,
            "/jwks_uri": lambda: {"keys": [*self.more_keys, self.key.as_dict(private=False)]},
            "/userinfo_endpoint": lambda: self.userinfo if request.headers["Authorization"] == "Bearer at" else {},
        }
        if request.path == "/token_endpoint":
            return self.token(request)
        return Response(json.dumps(answers[request.path]()), mimetype="application/json")


@pytest.fixture
def other_issuer(app: CityFlask, config: Settings) -> Iterator[Callable[..., OtherIssuer]]:
    """`other_issuer(FEDERATION_CLAIM="email")`: another issuer that lives, and identity as its client."""
    stub = OtherIssuer()
    server = make_server("127.0.0.1", 0, stub.serve, threaded=True)
    stub.root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def named(**changed: str) -> OtherIssuer:
        key = base64.b64encode(json.dumps(stub.client_key.as_dict(private=True)).encode()).decode()
        extra = {"FEDERATION_ISSUER": stub.root, "FEDERATION_CLIENT_ID": "medan", "FEDERATION_KEY": key, "FEDERATION_NAME": "IKD"}
        federated.configure(replace(config, extra={**config.extra, **extra, **changed}))
        return stub

    yield named
    federated.configure(config)
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def verifier(client: FlaskClient, config: Settings) -> Verifier:
    """What every other service has: the kernel's verifier over the published keys."""
    return Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
