"""Everybody in the city, through the gateway: a citizen, the permit office, the bank, the treasurer."""

import json
import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import kombu
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.rules.snap_signature import SignedCall, sign
from smartcity.events.broker import Outcome
from smartcity.events.broker.embedded.transport import register
from smartcity.events.event_log import LoggedEvent, UnsentEvent
from smartcity.events.replay import outgoing
from smartcity.events.topology import queue_of
from smartcity_local.inside import broker_of, session_of, with_database
from smartcity_local.replaying import heard_by
from smartcity_local.sign_in import token
from smartcity_local.suite import member, members
from smartcity_local.testing import Suite

SNAP = "/snap/v1.0/transfer-va/payment"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
PARTICULARS = {
    "permit_type": "PBG", "applicant_name": "Budi Siregar", "applicant_address": "Jalan Sei Deli 12, Medan",
    "site_address": "Jalan Sisingamangaraja 40, Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"},
}  # fmt: skip
HOUSE = {
    "fungsi": "hunian_kecil", "kompleksitas": "sederhana", "permanensi": "permanen", "jumlah_lantai": 1, "luas_lantai_m2": "72",
    "kepemilikan": "perorangan_badan_usaha", "ilo": "0.005", "shst": "5350000", "jenis_pekerjaan": "baru",
}  # fmt: skip
OFFICE_STEPS = (
    ("completeness", "petugas-dpmptsp", None),
    ("examinations", "pemeriksa-dpmptsp", {"result": "conforms", "minutes": "Gambar sesuai standar."}),
    ("approval", "approver-dpmptsp", None),
)
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
_external = count(int(time.time() * 1000))


def until(true: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Poll, with a limit; answers what became true."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not become true in time"
        time.sleep(0.05)
    return found


@dataclass
class City:
    """The running suite, and what its people do."""

    suite: Suite
    broker: Any
    tokens: dict[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.suite.place.public_url

    def token(self, account: str) -> str:
        made, value = self.tokens.get(account, (0.0, ""))
        if time.monotonic() - made > 240:
            value = token(self.suite.place, account)
            self.tokens[account] = time.monotonic(), value
        return value

    def call(self, method: str, path: str, account: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(account)}"} if account else {}
        return httpx.request(method, self.base + path, headers={**headers, **more.pop("headers", {})}, timeout=20, **more)

    def get(self, path: str, account: str | None = None) -> Any:
        answer = self.call("GET", path, account)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def act(self, path: str, account: str, body: Any = None, *, on: str = "") -> httpx.Response:
        """An action with a fresh key, and the If-Match of `on` where the office acts on a case."""
        headers = {"Idempotency-Key": uuid4().hex}
        if on:
            headers["If-Match"] = self.call("GET", on, account).headers["ETag"]
        answer = (
            self.call("POST", path, account, json=body, headers=headers)
            if body is not None
            else self.call("POST", path, account, headers=headers)
        )
        return answer

    def act_as_nobody(self, path: str, body: Any) -> httpx.Response:
        """An action of somebody who did not sign in."""
        return self.call("POST", path, json=body, headers={"Idempotency-Key": uuid4().hex})

    # --- the permit office

    def open_application(self, **other: Any) -> str:
        ident = str(self.act("/v1/permit-applications", "budi", {**PARTICULARS, **other}).json()["id"])
        for kind in ("land_title", "design_drawings"):
            files = {"file": ("berkas.pdf", PDF, "application/pdf")}
            sent = self.call("POST", f"/v1/permit-applications/{ident}/documents", "budi", data={"kind": kind}, files=files)
            assert sent.status_code == 201, sent.text
        return ident

    def approved_application(self) -> str:
        ident = self.open_application()
        path = f"/v1/permit-applications/{ident}"
        assert self.act(f"{path}/submission", "budi").status_code == 200
        for step, account, body in OFFICE_STEPS:
            answer = self.act(f"{path}/{step}", account, body, on=path)
            assert answer.status_code < 300, (step, answer.text)
        return ident

    def assess(self, ident: str, **other: Any) -> int:
        path = f"/v1/permit-applications/{ident}"
        body = {"inputs": {**HOUSE, **other}, **({"reason": "Luas diukur ulang."} if other else {})}
        answer = self.act(f"{path}/assessment", "petugas-dpmptsp", body, on=path)
        assert answer.status_code < 300, answer.text
        return int(self.application(ident)["retribution"])

    def application(self, ident: str) -> dict[str, Any]:
        return dict(self.get(f"/v1/permit-applications/{ident}", "budi"))

    def permit_of(self, ident: str) -> dict[str, Any] | None:
        permits = self.get("/v1/permits?mine=true&limit=200", "budi")["items"]
        return next((permit for permit in permits if permit["application_id"] == ident), None)

    def issued_once(self, ident: str, total: int) -> None:
        """The permit is there, once, and so is the money."""
        permit = until(lambda: self.permit_of(ident))
        assert self.application(ident)["status"] == "issued"
        assert permit["retribution_total"] == total
        permits = self.get("/v1/permits?mine=true&limit=200", "budi")["items"]
        assert [one["application_id"] for one in permits].count(ident) == 1
        bill = self.bill_of(ident)
        assert bill is not None and bill["status"] == "paid"
        assert [payment["amount"] for payment in self.payments_of(bill)] == [total]
        self.ledger()

    # --- the bank and the treasury

    def bill_of(self, ident: str) -> dict[str, Any] | None:
        bills = self.get("/v1/bills?limit=200", "budi")["items"]
        return next((bill for bill in bills if bill["reference"]["id"] == ident and bill["status"] != "cancelled"), None)

    def assessed_bill(self) -> tuple[str, dict[str, Any]]:
        ident = self.approved_application()
        self.assess(ident)
        return ident, until(lambda: self.bill_of(ident))

    def callback(self, bill: dict[str, Any], **other: Any) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the bank's callback, really signed."""
        account = bill["virtual_account_no"].strip()
        body = json.dumps(
            {
                "partnerServiceId": "   12710", "customerNo": account[5:], "virtualAccountNo": f"   {account}", "paymentRequestId": uuid4().hex,
                "paidAmount": {"value": f"{bill['total']}.00", "currency": "IDR"}, **other,
            },
            separators=(",", ":"),
        ).encode()  # fmt: skip
        bearer, timestamp = self.token("bank"), datetime.now(UTC).isoformat(timespec="seconds")
        signature = sign(SignedCall("POST", SNAP, bearer, body, timestamp), self.suite.secret("SNAP_CLIENT_SECRET"))
        return body, {
            "Authorization": f"Bearer {bearer}", "X-TIMESTAMP": timestamp, "X-SIGNATURE": signature, "X-PARTNER-ID": "MEDANDEMO",
            "X-EXTERNAL-ID": str(next(_external)), "CHANNEL-ID": "95231", "Content-Type": "application/json",
        }  # fmt: skip

    def send(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return httpx.post(self.base + SNAP, content=body, headers=headers, timeout=30)

    def pay(self, bill: dict[str, Any], **other: Any) -> httpx.Response:
        return self.send(*self.callback(bill, **other))

    def payments_of(self, bill: dict[str, Any]) -> list[dict[str, Any]]:
        found = self.get("/v1/payments?limit=200", "budi")["items"]
        return [payment for payment in found if payment["bill_id"] == bill["id"]]

    def ledger(self) -> dict[str, int]:
        """Debit minus credit by account; asserts that all sum to nothing."""
        rows = self.get("/v1/ledger/accounts", "bendahara")["accounts"]
        found = {row["account_code"]: row["debit"] - row["credit"] for row in rows}
        assert sum(found.values()) == 0
        return found

    # --- the operator

    def move_clock(self, change: str) -> None:
        """Move the suite's clock, forward only: a day that was closed stays closed."""
        done = self.suite.command("clock", change)
        assert done.returncode == 0, done.stderr

    @contextmanager
    def database(self, service: str) -> Iterator[Session]:
        """A service's own database, as its operator would open it."""
        with session_of(self.suite.place, member(self.suite.place, service)) as session:
            yield session

    def at_rest(self, *own: str) -> dict[str, str]:
        """What lies about: every log, every event of the services in `own`, every table of the others, and every metric of every process."""
        place = self.suite.place
        found = {f"log {file.name}": file.read_text(errors="replace") for file in place.logs.iterdir() if file.is_file()}
        for service in (one.name for one in with_database(place)):
            with self.database(service) as session:
                if service in own:
                    found[f"events {service}"] = "\n".join(body.decode() for body in session.scalars(sa.select(LoggedEvent.body)) if body)
                    continue
                for table in session.scalars(sa.text(TABLES)).all():
                    rows = session.execute(sa.text(f'SELECT row.*::text FROM "{table}" row')).scalars()
                    found[f"{service}.{table}"] = "\n".join(rows)
        return found | {f"metrics {port}": httpx.get(f"http://127.0.0.1:{port}/metrics").text for port in self.metrics_ports()}

    def metrics_ports(self) -> set[int]:
        """Where `web` and `work` of each service, and the gateway, tell their metrics."""
        one_each = members(self.suite.place)
        return {port for member in one_each for port in ([] if member.is_gateway else [member.port]) + [member.metrics_port]}

    def kept(self, standing: str, service: str) -> list[dict[str, Any]]:
        """The events of one standing in a service's inbox, as `smartcity inbox` shows them."""
        found: list[dict[str, Any]] = json.loads(self.suite.command("inbox", standing, "--service", service, "--json").stdout)
        return found

    def unsent(self, service: str) -> int:
        with self.database(service) as session:
            return session.scalar(sa.select(sa.func.count(UnsentEvent.position))) or 0

    # --- faults

    def deliver_twice_and_shuffled(self, teller: str, hearer: str, subjects: Collection[str], chance: random.Random) -> int:
        """Empty the hearer's queue, and put what the teller told of these subjects into it twice, in any order; answers how many."""
        place = self.suite.place
        with self.database(teller) as session:
            told = list(session.scalars(sa.select(LoggedEvent).where(LoggedEvent.type.in_(heard_by(member(place, hearer))[teller]))))
            about = [one for one in told if one.body and any(subject.encode() in one.body for subject in subjects)]
            sent = [outgoing(one, queue_of(hearer)) for one in about] * 2
        chance.shuffle(sent)
        register()
        with kombu.Connection(place.broker_url) as connection:
            connection.default_channel.queue_purge(queue_of(hearer))
        publisher = broker_of(place).publisher()
        assert set(publisher.send(sent)) == {Outcome.CONFIRMED}
        publisher.close()
        return len(sent)

    def stop(self, name: str) -> None:
        assert self.suite.command("stop-service", name).returncode == 0

    def start(self, name: str) -> None:
        assert self.suite.command("start-service", name).returncode == 0

    def kill(self, name: str) -> None:
        assert self.suite.command("kill", name).returncode == 0

    def plant(self, point: str) -> None:
        """The next `work` process to reach `point` dies there by SIGKILL, once."""
        (self.suite.place.root / "faults" / point).touch()

    def died(self, point: str) -> bool:
        return not (self.suite.place.root / "faults" / point).exists()

    def all_up(self) -> None:
        """Start what a test has stopped, and wait until everything is ready."""
        for name, program in self.suite.programs().items():
            if program["state"] == "stopped":
                self.start(name)
        until(lambda: all(program["state"] == "ready" for program in self.suite.programs().values()))
