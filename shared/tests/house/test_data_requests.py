"""Whoever a service has data of can have a copy with who looked, and correction, within 3 × 24 hours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stall import SERVICE, Thing

from smartcity import access_log, data_requests
from smartcity.data_requests import DataRequest, PersonalData, Standing
from smartcity.http.auth import Actor
from smartcity.http.policy import allow
from smartcity.service import Service
from smartcity.testing.plans import nodes, plan

ASKED = datetime(2026, 3, 20, 10, tzinfo=UTC)  # a Friday before a long leave: these hours are no working days
MINE, QUEUE = "/v1/me/data-requests", "/v1/work-queues/stall/data-requests"
Headers = Callable[..., dict[str, str]]


def things_of(session: Session, sub: str) -> data_requests.Records:
    return {"things": data_requests.rows(session, Thing.owner_sub, sub)}


@pytest.fixture(scope="module")
def service() -> Service:
    return replace(SERVICE, personal_data=PersonalData(things_of, [allow("head", office="PASAR")]))


@pytest.fixture(autouse=True)
def friday(clock: Any) -> None:
    clock.set(ASKED)


@pytest.fixture
def siti(as_: Headers) -> dict[str, str]:
    return as_("siti", "citizen")


@pytest.fixture
def head(as_: Headers) -> dict[str, str]:
    return as_("kepala", "head", office="PASAR")


@pytest.fixture
def wrong(client: FlaskClient, siti: dict[str, str], key: Any) -> dict[str, Any]:
    """A correction siti waits for."""
    body = {"about": "things/1", "wish": "Bukan durian, tetapi salak."}
    return dict(client.post(f"{MINE}/stall", json=body, headers={**siti, **key()}).json)


def allowed(asked: dict[str, Any]) -> timedelta:
    """How long the office has."""
    return datetime.fromisoformat(asked["due_at"]) - datetime.fromisoformat(asked["asked_at"])


def copy_of(client: FlaskClient, ident: str, who: dict[str, str]) -> Any:
    return client.get(f"{MINE}/stall/{ident}", headers=who)


def test_a_copy_holds_what_is_kept_and_who_looked_and_nobody_elses(
    client: FlaskClient, siti: dict[str, str], as_: Headers, key: Any, laid_out: Any, session: Session, run_due: Any
) -> None:
    laid_out("durian")
    client.post("/v1/things", json={"name": "salak", "price": 1}, headers={**as_("budi", "citizen"), **key()})
    access_log.record(session, Actor("petugas", office="PASAR"), "siti", ("thing", "1"), "check")
    access_log.record(session, Actor("petugas", office="PASAR"), "budi", ("thing", "2"), "check")
    session.commit()
    asked = client.post(MINE, headers={**siti, **key()}).json
    assert (asked["status"], allowed(asked)) == ("asked", timedelta(hours=72))
    assert copy_of(client, asked["id"], siti).json["type"] == "/problems/data-copy-not-ready"
    assert run_due() == ["done"]
    copy = copy_of(client, asked["id"], siti).json
    assert [thing["name"] for thing in copy["records"]["things"]] == ["durian"] and copy["records"]["things"][0]["owner_sub"] == "siti"
    assert [look["record_id"] for look in copy["looks"]] == ["1"] and copy["looks"][0]["office"] == "PASAR" and "petugas" not in str(copy)
    assert client.get(MINE, headers=siti).json["items"][0]["status"] == "done"


def test_a_copy_is_its_owners_alone_and_lies_encrypted(
    client: FlaskClient, siti: dict[str, str], head: dict[str, str], as_: Headers, key: Any, laid_out: Any, session: Session, run_due: Any
) -> None:
    laid_out("durian")
    ident = client.post(MINE, headers={**siti, **key()}).json["id"]
    run_due()
    assert [copy_of(client, ident, who).status_code for who in (as_("budi", "citizen"), head, {}, siti)] == [404, 404, 401, 200]
    assert b"durian" not in bytes(session.scalar(sa.text("SELECT copy FROM data_request")))


def test_asked_again_while_it_is_gathered_it_is_the_same_copy(client: FlaskClient, siti: dict[str, str], key: Any, run_due: Any) -> None:
    first, again = (client.post(MINE, headers={**siti, **key()}).json["id"] for _ in range(2))
    run_due()
    assert first == again != client.post(MINE, headers={**siti, **key()}).json["id"]


def test_a_copy_is_erased_after_30_days_and_says_so(client: FlaskClient, siti: dict[str, str], key: Any, clock: Any, run_due: Any) -> None:
    ident = client.post(MINE, headers={**siti, **key()}).json["id"]
    run_due()
    clock.advance(days=29)
    assert (run_due(), copy_of(client, ident, siti).status_code) == ([], 200)
    clock.advance(days=1)
    assert (run_due(), copy_of(client, ident, siti).json["type"]) == (["done"], "/problems/data-copy-erased")


@pytest.mark.parametrize("outcome", ["done", "refused"])
def test_a_correction_is_answered_once_by_whom_the_office_names(
    client: FlaskClient, siti: dict[str, str], head: dict[str, str], wrong: dict[str, Any], outcome: str, session: Session
) -> None:
    assert [one["id"] for one in client.get(QUEUE, headers=head).json["items"]] == [wrong["id"]]
    seen = client.get(f"{QUEUE}/{wrong['id']}", headers=head)
    assert (seen.json["owner_sub"], seen.json["wish"]) == ("siti", "Bukan durian, tetapi salak.")
    answer = {"json": {"outcome": outcome, "reason": "Sudah kami periksa."}}
    path = f"{QUEUE}/{wrong['id']}/answer"
    assert client.post(path, **answer, headers=head).status_code == 428
    assert client.post(path, **answer, headers={**head, "If-Match": seen.headers["ETag"]}).json["status"] == outcome
    tag = client.get(f"{QUEUE}/{wrong['id']}", headers=head).headers["ETag"]
    assert client.post(path, **answer, headers={**head, "If-Match": tag}).json["type"] == "/problems/data-request-answered"
    mine = client.get(MINE, headers=siti).json["items"][0]
    assert (mine["status"], mine["reason"]) == (outcome, "Sudah kami periksa.") and client.get(QUEUE, headers=head).json["items"] == []
    assert session.scalar(sa.select(sa.func.count()).select_from(access_log.AccessRow).where(access_log.AccessRow.person == "siti")) == 2


def test_nobody_else_sees_or_answers_it(client: FlaskClient, siti: dict[str, str], as_: Headers, wrong: dict[str, Any]) -> None:
    for who in (siti, as_("kepala", "head", office="DLH"), as_("dewi", "officer", office="PASAR")):
        assert client.get(QUEUE, headers=who).status_code == client.get(f"{QUEUE}/{wrong['id']}", headers=who).status_code == 403
        assert client.post(f"{QUEUE}/{wrong['id']}/answer", json={"outcome": "done", "reason": "x"}, headers=who).status_code == 403
    assert client.get(MINE, headers=as_("budi", "citizen")).json["items"] == []


def test_a_copy_is_no_officers_decision(client: FlaskClient, siti: dict[str, str], head: dict[str, str], key: Any) -> None:
    ident = client.post(MINE, headers={**siti, **key()}).json["id"]
    headers = {**head, "If-Match": '"1"'}
    said = client.post(f"{QUEUE}/{ident}/answer", json={"outcome": "refused", "reason": "x"}, headers=headers)
    assert said.json["type"] == "/problems/data-request-is-no-correction"


def test_another_offices_name_is_not_here(client: FlaskClient, siti: dict[str, str], head: dict[str, str], key: Any) -> None:
    body = {"about": "x", "wish": "y"}
    assert client.post(f"{MINE}/licensing", json=body, headers={**siti, **key()}).status_code == 404
    assert client.get("/v1/work-queues/licensing/data-requests", headers=head).status_code == 404


def test_what_passes_its_72_hours_rings(session: Session, wrong: dict[str, Any], service: Service) -> None:
    assert service.watched["data_requests_overdue"] is data_requests.overdue
    end = datetime.fromisoformat(wrong["due_at"])
    assert allowed(wrong) == timedelta(hours=72)
    assert (data_requests.overdue(session, end), data_requests.overdue(session, end + timedelta(seconds=1))) == (0, 1)


def test_what_is_asked_is_read_along_an_index(session: Session, wrong: dict[str, Any]) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    mine = sa.select(DataRequest.id).where(DataRequest.owner_sub == "siti").order_by(DataRequest.asked_at.desc(), DataRequest.id.desc())
    waiting = sa.select(DataRequest.id).where(DataRequest.status == Standing.ASKED).order_by(DataRequest.due_at, DataRequest.id)
    for query, index in ((mine, "ix_data_request_owner_sub"), (waiting, "ix_data_request_open")):
        kinds = {node["Node Type"] for node in nodes(plan(session, query))}
        assert index in {node.get("Index Name") for node in nodes(plan(session, query))} and "Sort" not in kinds
