"""Signing in, in figures: whole sign-ins a second of one core, and what of them is the password's own slowness.

A whole sign-in is what a browser and its client ask: the page, the password, the code for the tokens (all four requests' work, PKCE, signatures, two
commits). Counted in processor time of the one process that serves it; PostgreSQL's own is not in it, nor is waiting for the disk.
"""

import re
import time
from collections.abc import Callable
from functools import partial
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from benchmarks.figures import Figure, at_least
from benchmarks.places import Measured, apart, config, server
from identity.model.secret import hash_secret, matches
from identity.rules.pkce import challenge_of
from identity.service import SERVICE
from identity.use_cases.demo import seed_demo, seed_demo_clients
from smartcity import clock
from smartcity.service import create_app
from smartcity.storage import migrate
from smartcity.testing import postgres

SECONDS, WARM, PASSWORD, VERIFIER, CALLBACK = 5.0, 3, "a long demo password", "v" * 43, "http://127.0.0.1:5555/callback"
ASKED = {
    "response_type": "code", "client_id": "portal", "redirect_uri": CALLBACK, "scope": "openid profile offline_access", "state": "s",
    "nonce": "n", "code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256",
}  # fmt: skip
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def a_second_of_a_core(work: Callable[[], object]) -> float:
    """How often `work` is done in a second of this process's time."""
    for _ in range(WARM):
        work()
    begun, count = time.process_time(), 0
    while (took := time.process_time() - begun) < SECONDS:
        work()
        count += 1
    return count / took


def sign_in(client: FlaskClient) -> None:
    """From the page to the tokens; raises where one step fails."""
    page = client.get("/oauth/authorize", query_string=ASKED).text.partition("</form>")[0]
    fields = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    sent = client.post("/oauth/authorize", data={**fields, "login": "budi", "password": PASSWORD, "decision": "allow"})
    code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": "portal", "redirect_uri": CALLBACK, "code": code, "code_verifier": VERIFIER}
    answer = client.post("/oauth/token", data=form)
    if answer.status_code != 200 or "refresh_token" not in (answer.json or {}):
        raise RuntimeError(f"no tokens: {answer.status}")


def sign_ins(database_url: str) -> tuple[float, float]:
    """Whole sign-ins, and passwords looked at and nothing else, a second of one core."""
    app = create_app(SERVICE, config(SERVICE, database_url, "embedded:///dev/null", LOG_LEVEL="ERROR"))
    with app.database.transaction() as session:
        seed_demo(session, PASSWORD, clock.real_now())
        seed_demo_clients(session, {"BANK_CLIENT_SECRET": "b", "AGENCY_CLIENT_SECRET": "a"})
    known = hash_secret(PASSWORD)
    try:
        return a_second_of_a_core(partial(sign_in, app.test_client())), a_second_of_a_core(partial(matches, known, PASSWORD))
    finally:
        app.database.close()


def figures() -> Measured:
    """Sign-ins, and the password alone."""
    with server() as server_url:
        url = postgres.create(server_url, "sign_ins")
        migrate.upgrade("identity", url)
        ((whole, password),) = apart(partial(sign_ins, url))
    yield Figure("passwords looked at and nothing else, a second of one core", password, "/s")
    yield at_least("whole sign-ins a second of one core", whole, 20, "/s")
