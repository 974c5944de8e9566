"""Every page that identity shows, as people meet them."""

import re
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest

from identity.rules import totp
from smartcity.clock import real_now

NEW = {
    "nik": "1271014203990001", "name": "Ratna Sari", "phone": "081234567890", "email": "ratna@example.com", "password": "kopi pagi hari",
}  # fmt: skip


@pytest.fixture
def every_page(app: Any, browser: Any, person: Any, other_issuer: Any) -> dict[str, Any]:
    """Each by a name; officers must have a second factor."""
    config = app.extensions["smartcity.settings"]
    object.__setattr__(config, "extra", MappingProxyType({**config.extra, "SECOND_FACTOR": "officers"}))
    stub = other_issuer()
    return {**of_accounts(browser, person), **of_another_issuer(browser, stub), **of_a_second_factor(browser), **of_refusals(browser)}


def of_accounts(browser: Any, person: Any) -> dict[str, Any]:
    """An account is opened, and its password forgotten."""
    register, reset = person.client.get("/oauth/register"), person.client.get("/oauth/reset")
    code = person.send(register, "/oauth/register", **NEW, decision="send")
    opened = person.send(code, "/oauth/register/confirmation", code=person.code(), decision="confirm")
    new_password = person.send(reset, "/oauth/reset", email=NEW["email"], decision="send")
    replaced = {"code": person.code(), "password": NEW["password"], "decision": "confirm"}
    return {
        "sign in": browser.open(), "register": register, "reset": reset, "code": code, "opened": opened, "new password": new_password,
        "replaced": person.send(new_password, "/oauth/reset/confirmation", **replaced),
        "filled in wrongly": person.send(register, "/oauth/register", decision="send"),
    }  # fmt: skip


def of_another_issuer(browser: Any, stub: Any) -> dict[str, Any]:
    """It knows whoever has an account, whoever has none, and is away."""

    def signed_in() -> Any:
        left = urlsplit(stub.authorize(browser.submit(browser.open(), "", "", "federation").location))
        return browser.client.get(f"{left.path}?{left.query}")

    found = signed_in()
    stub.claims = {"sub": "person-2", "nik": "1271014203990002"}
    unknown, failed = signed_in(), browser.client.get("/oauth/federation/callback")
    return {"found elsewhere": found, "not mine": browser.submit(found, "", "", "not-mine"), "unknown": unknown, "failed": failed}


def of_a_second_factor(browser: Any) -> dict[str, Any]:
    """An officer sets one up, and is asked for it."""
    enrol = browser.submit(browser.open(), "pemeriksa-dpmptsp")
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", enrol.text)[0]
    shown = totp.code_of(totp.secret_of(secret), totp.step_of(real_now()))
    codes = browser.submit(enrol, "", "", "enrol", extra={"code": shown})
    other = browser.submit(browser.open(), "kadis-dpmptsp")
    return {"enrol": other, "recovery codes": codes, "second factor": browser.submit(browser.open(), "pemeriksa-dpmptsp")}


def of_refusals(browser: Any) -> dict[str, Any]:
    """What cannot go on, and what is over."""
    out = {"id_token_hint": browser.tokens("budi")["id_token"]}
    return {
        "wait": [browser.submit(browser.open(), "siti", "wrong") for _ in range(5)][-1],
        "refused": browser.open(client_id="nobody"),
        "refused form": browser.client.post("/oauth/reset/confirmation", data="code=1&code=2", content_type="application/x-www-form-urlencoded"),
        "signed out": browser.client.post("/oauth/logout", data=out),
        "no session": browser.client.get("/oauth/logout"),
    }  # fmt: skip
