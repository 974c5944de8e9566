"""Every operation is played once, and its example in the documentation is what it was asked and answered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from identity.rules import totp
from identity.use_cases.demo import demo_sub
from smartcity.clock import real_now
from smartcity.testing import data_rights

PEOPLE = {"signed-in": "siti", "citizen": "siti", "admin": "admin", "head": "kadis-dpmptsp", "auditor": "auditor"}
BY_THE_TRADE = (
    "accept_invitation: citizen", "refuse_invitation: citizen", "name_deputy: head", "name_deputy: signed-in", "end_deputy: head",
    "end_deputy: signed-in",
)  # fmt: skip
"""An answered invitation is none; a deputy's answer shows the deputyship, whose officer and head try in `test_deputies`."""
ACCOUNTS, EXAMINER = "/v1/accounts", "pemeriksa-dpmptsp"


@pytest.fixture(autouse=True)
def a_day(clock: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))


def a_company_and_its_people(recorder: Any, bearer: Any) -> None:
    """One comes and is taken out again, one does not want to."""
    budi, siti = bearer("budi"), bearer("siti")
    company = recorder.post(f"{ACCOUNTS}/companies", budi, json={"name": "CV Deli Jaya", "nib": "8120001234567"})["sub"]
    people = f"{ACCOUNTS}/companies/{company}/people"
    for answer in ("refusal", "acceptance"):
        place = recorder.post(people, budi, json={"login": "siti", "role": "staff"})["id"]
        recorder.get(f"{ACCOUNTS}/invitations", siti)
        recorder.post(f"{ACCOUNTS}/invitations/{place}/{answer}", siti)
    recorder.get(f"{ACCOUNTS}/companies", budi)
    recorder.get(f"{ACCOUNTS}/companies/{company}", budi)
    recorder.post(f"{people}/{place}/removal", budi)


def a_deputy(recorder: Any, bearer: Any) -> None:
    examiner, path = bearer(EXAMINER), f"{ACCOUNTS}/{demo_sub(EXAMINER)}/deputies"
    days = {"from_on": "2026-11-25", "until_on": "2026-11-27"}
    deputy = recorder.post(path, examiner, json={"login": "approver-dpmptsp", **days})["id"]
    recorder.get(path, examiner)
    recorder.post(f"{path}/{deputy}/revocation", examiner)


def what_is_read(recorder: Any, bearer: Any) -> None:
    for path in ("/.well-known/openid-configuration", "/.well-known/jwks.json", "/oauth/revoked", "/oauth/told/register", "/v1/offices"):
        recorder.get(path)
    for path in (
        "/oauth/userinfo",
        f"{ACCOUNTS}/me",
        f"{ACCOUNTS}/me/sign-ins",
        "/v1/sessions",
        "/v1/me/cases",
    ):
        recorder.get(path, bearer("budi"))
    recorder.get(f"{ACCOUNTS}/me/changes", bearer("siti"))
    recorder.get("/v1/me/data-access", bearer("approver-dpmptsp"))


def two_accounts_are_closed(recorder: Any, bearer: Any) -> None:
    """One by two people, in the end; one still waits."""
    path, queue = f"{ACCOUNTS}/closures", "/v1/work-queues/identity/closures"
    asked = {"reason": "opened_by_another", "email": "the.person@example.com"}
    first = recorder.post(path, bearer("admin"), json={"nik": "1271014203990002", **asked})["id"]
    second = {**bearer("admin-kedua"), "If-Match": '"1"'}
    recorder.get(f"{queue}/{first}", second)
    recorder.post(f"{queue}/{first}/decision", second, json={"outcome": "closed"})
    recorder.post(path, bearer("admin"), json={"nik": NEW["nik"], **asked})
    recorder.get(queue, second)


def another_issuer(recorder: Any, browser: Any, other_issuer: Any) -> None:
    """Whoever it knows has just opened an account here."""
    stub = other_issuer()
    away = browser.submit(browser.open(), "", "", "federation")
    found = browser.client.get(stub.authorize(away.location).removeprefix("http://127.0.0.1:8080"))
    recorder.well(found)
    recorder.well(browser.submit(found, "", NEW["password"], "prove"))


def a_program_asks_and_signs_out(recorder: Any, browser: Any) -> None:
    tokens = browser.tokens("budi")
    recorder.post("/oauth/introspect", auth=("bank", "a secret: of the bank"), data={"token": tokens["access_token"]})
    recorder.get("/oauth/logout?client_id=portal")
    recorder.post("/oauth/logout", data={"id_token_hint": tokens["id_token"], "client_id": "portal"})


def sessions_that_end(recorder: Any, browser: Any, bearer: Any) -> None:
    token = browser.tokens("budi")["refresh_token"]
    recorder.post("/oauth/revoke", data={"client_id": "portal", "token": token})
    budi = bearer("budi")
    session = recorder.get("/v1/sessions", budi)["items"][0]["id"]
    recorder.post(f"/v1/sessions/{session}/revocation", budi)


NEW = {
    "nik": "1271014203990001", "name": "Ratna Sari", "phone": "081234567890", "email": "ratna@example.com", "password": "kopi sidikalang pagi",
}  # fmt: skip


def a_citizen_opens_an_account(recorder: Any, person: Any) -> None:
    asked = recorder.post(f"{ACCOUNTS}/registrations", json=NEW)["id"]
    recorder.post(f"{ACCOUNTS}/registrations/{asked}/confirmation", json={"code": person.code()})
    page = person.send(
        person.client.get("/oauth/register"),
        "/oauth/register",
        **{**NEW, "email": "sari@example.com", "nik": "1271014203990002"},
        decision="send",
    )
    recorder.well(person.send(page, "/oauth/register/confirmation", code=person.code(), decision="confirm"))


def a_password_is_replaced(recorder: Any, person: Any, bearer: Any) -> None:
    """By a code, on the page and by a program; and by itself."""
    page = person.send(person.client.get("/oauth/reset"), "/oauth/reset", email="ratna@example.com", decision="send")
    recorder.well(person.send(page, "/oauth/reset/confirmation", code=person.code(), password=NEW["password"], decision="confirm"))
    asked = recorder.post(f"{ACCOUNTS}/password-resets", json={"email": "ratna@example.com"})["id"]
    recorder.post(f"{ACCOUNTS}/password-resets/{asked}/confirmation", json={"code": person.code(), "password": NEW["password"]})
    changed = {"current_password": "a long demo password", "password": "a long demo password"}
    recorder.post(f"{ACCOUNTS}/me/password", bearer("siti"), json=changed)


def a_second_factor(recorder: Any, bearer: Any) -> None:
    siti, path = bearer("siti"), f"{ACCOUNTS}/me/second-factor"
    shown = recorder.post(path, siti, json={"password": "a long demo password"})
    now = totp.code_of(totp.secret_of(shown["secret"]), totp.step_of(real_now()))
    codes = recorder.post(f"{path}/confirmation", siti, json={"code": now})["recovery_codes"]
    recorder.get(path, siti)
    recorder.post(f"{path}/removal", siti, json={"password": "a long demo password", "code": codes[0]})
    recorder.post(path, bearer("approver-dpmptsp"), json={"password": "a long demo password"})
    recorder.post(f"{ACCOUNTS}/second-factor-resets", bearer("admin"), json={"login": "approver-dpmptsp"})


def test_every_operation_has_an_example_that_holds(
    recorder: Any, browser: Any, bearer: Any, person: Any, other_issuer: Any, run_due: Any
) -> None:
    a_citizen_opens_an_account(recorder, person)
    a_password_is_replaced(recorder, person, bearer)
    a_second_factor(recorder, bearer)
    a_company_and_its_people(recorder, bearer)
    a_deputy(recorder, bearer)
    another_issuer(recorder, browser, other_issuer)
    two_accounts_are_closed(recorder, bearer)
    a_program_asks_and_signs_out(recorder, browser)
    sessions_that_end(recorder, browser, bearer)
    what_is_read(recorder, bearer)
    assert data_rights.played(recorder, "identity", bearer("budi"), bearer("admin"), run_due)["account"]
    assert recorder.wrong() == []
    assert recorder.intruded() == []
    assert recorder.kept_out(*BY_THE_TRADE, people={role: str(demo_sub(login)) for role, login in PEOPLE.items()}) == []
