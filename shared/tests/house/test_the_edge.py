"""What comes in, who comes in, and how every refusal leaves."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stall import SERVICE, Thing

from smartcity.http.app import CityFlask
from smartcity.http.auth import Keys
from smartcity.service import Service, create_app
from smartcity.settings import Settings
from smartcity.testing.tokens import Issuer

Headers = Callable[..., dict[str, str]]
BODY = {"name": "durian", "price": 5000}
SECRET_WORD = "1271010502900001"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.data
    assert answer.json["type"] == f"/problems/{code}"
    assert answer.json["status"] == status
    return dict(answer.json)


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b'{"name": "a", "price": ', "application/json", 400, "unreadable"),
        (b'{"name": "a", "name": "b", "price": 1}', "application/json", 400, "unreadable"),
        (b'{"name": "a", "price": NaN}', "application/json", 400, "unreadable"),
        (b'{"name": "\xff", "price": 1}', "application/json", 400, "unreadable"),
        (b"[" * 100_000, "application/json", 400, "unreadable"),
        (b"name=a&price=1", "application/x-www-form-urlencoded", 415, "wrong-content-type"),
        (b'{"name": "a", "price": 1, "discount": 1}', "application/json", 422, "fields-wrong"),
        (b'{"name": "a\\u0000", "price": 1}', "application/json", 422, "fields-wrong"),
        (b'{"name": "\\ud800", "price": 1}', "application/json", 422, "fields-wrong"),
        (b'{"name": "a", "price": 1e999}', "application/json", 422, "fields-wrong"),
        (b'{"name": "a", "price": 9999999999999999999999}', "application/json", 422, "fields-wrong"),
        (b'{"name": "a", "price": true}', "application/json", 422, "fields-wrong"),
        (b'{"name": "a", "price": -1}', "application/json", 422, "fields-wrong"),
        (b"[1]", "application/json", 422, "fields-wrong"),
    ],
)
def test_what_cannot_be_read_or_held_is_refused_and_nothing_is_kept(
    client: FlaskClient, as_: Headers, key: Headers, session: Session, raw: bytes, kind: str, status: int, code: str
) -> None:
    answer = client.post("/v1/things", data=raw, content_type=kind, headers={**as_("siti", "citizen"), **key()})
    problem(answer, status, code)
    assert session.scalar(sa.select(sa.func.count(Thing.id))) == 0
    assert session.execute(sa.text("SELECT count(*) FROM idempotency")).scalar_one() == 0


def test_every_refusal_is_a_problem_in_the_language_asked_for(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    problem(client.get("/v1/nothing"), 404, "not-found")
    assert "Allow" in client.delete("/v1/things").headers
    problem(client.get("/v1/things"), 401, "sign-in-required")
    problem(client.get("/v1/things", headers=as_("bank", "bank")), 403, "not-allowed")
    problem(client.get("/v1/things?colour=red", headers=as_("siti", "citizen")), 422, "fields-wrong")
    path = f"/v1/things/{laid_out()['id']}/sale"
    client.post(path, headers=as_("siti", "citizen"))
    for language, title in (("id", "Sudah terjual"), ("en-GB,en;q=0.8", "Sold already"), ("fr", "Sudah terjual")):
        answer = client.post(path, headers={**as_("siti", "citizen"), "Accept-Language": language})
        assert problem(answer, 409, "thing-sold")["title"] == title


def test_every_refusal_is_logged_by_the_name_it_is_told_by(client: FlaskClient, as_: Headers, key: Headers, capsys: Any) -> None:
    from smartcity.observability import configure_logs

    configure_logs("stall", "INFO")
    siti = {**as_("siti", "citizen"), **key()}
    refused = [
        problem(client.get("/v1/things"), 401, "sign-in-required"),
        problem(client.get("/v1/things", headers=as_("bank", "bank")), 403, "not-allowed"),
        problem(client.post("/v1/things", json={**BODY, "price": -1, "name": SECRET_WORD}, headers=siti), 422, "fields-wrong"),
        problem(client.post("/v1/things", data=b"{", content_type="application/json", headers=siti), 400, "unreadable"),
    ]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(line["problem"], line["status"], line["level"]) for line in lines if line["event"] == "refused"]
    assert told == [(one["type"].rsplit("/")[-1], one["status"], "info") for one in refused]
    assert SECRET_WORD not in str(lines)


def test_a_crash_is_500_says_nothing_and_leaves_nothing(
    client: FlaskClient, laid_out: Any, told: Any, session: Session, as_: Headers
) -> None:
    thing = laid_out()
    answer = client.post(f"/v1/things/{thing['id']}/accident", headers=as_("siti", "citizen"))
    assert SECRET_WORD not in json.dumps(problem(answer, 500, "internal"))
    assert told() == []
    assert session.scalars(sa.select(Thing.number)).one() is None


def test_a_nik_or_a_word_nobody_allowed_never_reaches_the_log(
    client: FlaskClient, laid_out: Any, as_: Headers, config: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from smartcity.observability import configure_logs, log

    configure_logs("stall", "INFO")
    client.post(f"/v1/things/{laid_out(name='Bu Tiurma')['id']}/accident", headers=as_("siti", "citizen"))
    log.info(f"typed {SECRET_WORD}", reason=f"NIK {SECRET_WORD}", name="Bu Tiurma", payload={"nik": SECRET_WORD})
    said = capsys.readouterr().out
    assert "ZeroDivisionError" in said
    assert "[redacted]" in said
    assert SECRET_WORD not in said
    assert "Tiurma" not in said
    assert all(json.loads(line)["service"] == "stall" for line in said.splitlines())


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"aud": "https://elsewhere.example"}, {"iss": "https://elsewhere.example"}, {"nbf": 2**40}, {"exp": "soon"}],
)
def test_a_token_that_does_not_hold_is_401(client: FlaskClient, issuer: Issuer, claims: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {issuer.token('siti', 'citizen', **claims)}"}
    problem(client.get("/v1/things", headers=headers), 401, "token-not-valid")


def test_with_an_issuer_that_never_answered_a_token_is_503_and_who_comes_without_one_is_served(
    app: CityFlask, client: FlaskClient, as_: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise OSError

    monkeypatch.setattr(app.verifier, "keys", Keys(away))
    answer = client.get("/v1/things", headers=as_("siti", "citizen"))
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert client.post("/v1/found-things", json=BODY, headers={"Idempotency-Key": "handed in once, 1"}).status_code == 201


def test_a_token_of_another_key_is_401(client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {Issuer().token('siti', 'citizen')}"}
    problem(client.get("/v1/things", headers=headers), 401, "token-not-valid")


def test_a_header_that_claims_to_come_from_the_gateway_says_nothing(client: FlaskClient) -> None:
    problem(client.get("/v1/things", headers={"X-User": "siti", "X-Roles": "citizen"}), 401, "sign-in-required")


def test_what_is_not_mine_is_not_there(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    path = f"/v1/things/{laid_out()['id']}"
    assert client.get(path, headers=as_("siti", "citizen")).status_code == 200
    problem(client.get(path, headers=as_("budi", "citizen")), 404, "not-found")
    assert client.get(path, headers=as_("o", "officer", office="PASAR")).status_code == 200
    problem(client.get(path, headers=as_("o", "officer", office="DLH")), 404, "not-found")


def test_an_officer_needs_if_match_and_a_stale_one_is_refused(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    path = f"/v1/things/{laid_out()['id']}"
    officer = as_("o", "officer", office="PASAR")
    etag = client.get(path, headers=officer).headers["ETag"]
    problem(client.post(f"{path}/sale", headers=officer), 428, "if-match-required")
    problem(client.post(f"{path}/sale", headers={**officer, "If-Match": '"99"'}), 412, "stale")
    sold = client.post(f"{path}/sale", headers={**officer, "If-Match": etag})
    assert sold.status_code == 200
    assert sold.headers["ETag"] != etag
    assert client.get(path, headers={**officer, "If-None-Match": sold.headers["ETag"]}).status_code == 304


def test_if_match_on_reading_is_answered_like_any_other_reading(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    answer = client.get(f"/v1/things/{laid_out()['id']}", headers={**as_("siti", "citizen"), "If-Match": '"99"'})
    assert answer.mimetype in ("application/json", "application/problem+json")
    assert answer.data


def test_pages_go_on_where_they_ended_and_a_forged_cursor_is_refused(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    laid = [laid_out(f"buah {n}")["id"] for n in range(5)]
    siti = as_("siti", "citizen")
    first = client.get("/v1/things?limit=2", headers=siti).json
    second = client.get(f"/v1/things?limit=2&cursor={first['next']}", headers=siti).json
    last = client.get(f"/v1/things?limit=2&cursor={second['next']}", headers=siti).json
    assert [one["id"] for page in (first, second, last) for one in page["items"]] == laid
    assert last["next"] is None
    forged = first["next"][:-2] + ("AA" if first["next"][-2:] != "AA" else "BB")
    for cursor in (forged, "x", "%00", "é"):
        problem(client.get(f"/v1/things?cursor={cursor}", headers=siti), 422, "fields-wrong")
    for limit in ("0", "201", "ten", "-1", "1e1"):
        problem(client.get(f"/v1/things?limit={limit}", headers=siti), 422, "fields-wrong")


def test_same_key_and_body_same_answer_other_body_422_no_key_400(client: FlaskClient, as_: Headers, session: Session) -> None:
    siti = {**as_("siti", "citizen"), "Idempotency-Key": "k-1"}
    first = client.post("/v1/things", json=BODY, headers=siti)
    again = client.post("/v1/things", json=BODY, headers=siti)
    assert (first.status_code, again.status_code, again.data, again.headers["ETag"]) == (201, 201, first.data, first.headers["ETag"])
    problem(client.post("/v1/things", json={**BODY, "price": 1}, headers=siti), 422, "idempotency-key-reused")
    problem(client.post("/v1/things", json=BODY, headers=as_("siti", "citizen")), 400, "idempotency-key-required")
    problem(client.post("/v1/things", json=BODY, headers={**siti, "Idempotency-Key": "k" * 201}), 400, "idempotency-key-malformed")
    assert client.post("/v1/things", json=BODY, headers={**as_("budi", "citizen"), "Idempotency-Key": "k-1"}).json != first.json
    assert session.scalar(sa.select(sa.func.count(Thing.id))) == 2
    kept = session.execute(sa.text("SELECT body FROM idempotency")).scalars().all()
    assert not [body for body in kept if b"durian" in bytes(body)], "a kept answer may hold a person's data"


def test_a_stranger_resends_from_another_network_and_no_short_key_meets_another_strangers(client: FlaskClient, session: Session) -> None:
    key = {"Idempotency-Key": "0192f0c1-7a58-7c3e"}
    first = client.post("/v1/found-things", json=BODY, headers=key, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    again = client.post("/v1/found-things", json=BODY, headers=key, environ_base={"REMOTE_ADDR": "10.0.0.2"})
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    problem(client.post("/v1/found-things", json=BODY, headers={"Idempotency-Key": "k" * 15}), 400, "idempotency-key-too-short")
    assert session.scalar(sa.select(sa.func.count(Thing.id))) == 1


def test_nothing_comes_of_a_request_nobody_waits_for_any_more(client: FlaskClient, as_: Headers, session: Session) -> None:
    siti = {**as_("siti", "citizen"), "Idempotency-Key": "k-late"}
    late = client.post("/v1/things", json=BODY, headers={**siti, "X-Deadline-Seconds": "0"})
    problem(late, 503, "unavailable")
    assert late.headers["Retry-After"]
    assert session.scalar(sa.select(sa.func.count(Thing.id))) == 0
    for deadline in ("60", "soon", "nan"):
        assert client.post("/v1/things", json=BODY, headers={**siti, "X-Deadline-Seconds": deadline}).status_code == 201


def test_a_refused_request_keeps_no_answer(client: FlaskClient, as_: Headers) -> None:
    siti = {**as_("siti", "citizen"), "Idempotency-Key": "k-2"}
    problem(client.post("/v1/things", json={"name": ""}, headers=siti), 422, "fields-wrong")
    assert client.post("/v1/things", json=BODY, headers=siti).status_code == 201


def test_one_key_ten_times_at_once_lays_one_thing(app: CityFlask, as_: Headers, session: Session) -> None:
    siti, together = {**as_("siti", "citizen"), "Idempotency-Key": "k-3"}, Barrier(10)

    def send(_: int) -> int:
        together.wait()
        return app.test_client().post("/v1/things", json=BODY, headers=siti).status_code

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert answers <= {201, 409}
    assert 201 in answers
    assert session.scalar(sa.select(sa.func.count(Thing.id))) == 1


def test_an_operation_without_its_line_does_not_start(config: Settings, issuer: Issuer) -> None:
    from dataclasses import replace

    holes: list[tuple[Service, str]] = [
        (replace(SERVICE, policy={name: grants for name, grants in SERVICE.policy.items() if name != "sell_thing"}), "sell_thing"),
        (replace(SERVICE, policy={**SERVICE.policy, "give_away": ()}), "give_away"),
    ]
    for service, word in holes:
        with pytest.raises(LookupError, match=word):
            create_app(service, config, issuer.verifier())


def test_metrics_and_documentation_name_the_route_never_the_path(client: FlaskClient, as_: Headers, laid_out: Any) -> None:
    ident = laid_out()["id"]
    client.get(f"/v1/things/{ident}", headers=as_("siti", "citizen"))
    shown = client.get("/metrics").text
    for name in (
        "http_requests_total", "http_request_duration_seconds", "event_log_unsent", "event_log_oldest_unsent_seconds", "event_delivery_seconds",
        "consumer_effects_total", "inbox_waiting", "inbox_parked", "due_overdue_seconds",
    ):  # fmt: skip
        assert name in shown
    assert "/v1/things/<uuid:thing_id>" in shown
    assert ident not in shown
    document = client.get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/v1/things"]["post"]["operationId"] == "lay_out"


def test_a_partner_says_who_calls_in_its_own_way_and_only_at_its_own_door(client: FlaskClient, as_: Headers) -> None:
    badge = {"X-Badge": "7", "Authorization": "Bearer a-token-of-its-own"}
    assert client.get("/supplier/self", headers=badge).json == {"sub": "badge:7"}
    assert client.get("/supplier/self", headers=as_("mega", "bank")).json == {"sub": "mega"}
    problem(client.get("/supplier/self"), 401, "sign-in-required")
    problem(client.get("/supplier/self", headers=as_("siti", "citizen")), 403, "not-allowed")
    problem(client.get("/v1/things", headers=badge), 401, "token-not-valid")
