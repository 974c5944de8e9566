"""finance-sts under test: its people, and a bank that signs."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from finance_sts.rules.snap_signature import SignedCall, sign
from finance_sts.service import SERVICE
from smartcity import clock as city_clock
from smartcity.service import Service

pytest_plugins = ["smartcity.testing.plugin"]
ASSESSED = "licensing.retribution.assessed.v1"
URL = "/snap/v1.0/transfer-va/payment"
SECRET = "test-snap_client_secret"
_external = count(1)


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture(scope="session")
def bank_keys() -> list[RSAPrivateKey]:
    """The bank's key, and the one it changes to."""
    return [generate_private_key(65537, 2048) for _ in range(2)]


@pytest.fixture
def extra_settings(bank_keys: list[RSAPrivateKey]) -> dict[str, str]:
    """While the bank changes its key and its secret both hold."""
    coded = [key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo) for key in bank_keys]
    return {"SNAP_PUBLIC_KEY": " ".join(base64.b64encode(key).decode() for key in coded), "SNAP_CLIENT_SECRET": f"{SECRET} the-next-secret"}


@dataclass
class Treasury:
    """Everybody around a bill, through events and the API."""

    client: FlaskClient
    as_: Callable[..., dict[str, str]]
    key: Callable[[], dict[str, str]]
    hear: Callable[..., str]
    told: Callable[..., list[dict[str, Any]]]
    example: Callable[[str], dict[str, Any]]
    token: Callable[..., str]
    subjects: dict[str, str] = field(default_factory=dict)

    def assess(
        self,
        total: int,
        *,
        application: str = "",
        sequence: int = 1,
        kind: str = ASSESSED,
        heads: list[tuple[str, int]] | None = None,
        due_rule: str = "skrd-30-days",
        expected: str = "applied",
    ) -> str:
        """An application's retribution was fixed; answers the application's id."""
        application = application or str(uuid4())
        data = self.example(kind)
        data |= {"application_id": application, "assessment_id": str(uuid4()), "total": total}
        data["charge"]["reference"]["id"] = application
        data["charge"]["payer"]["sub"] = "budi"
        lines = heads or [("4.1.02.03.01.0001", total)]
        data["charge"] |= {"heads": [{"account_code": code, "amount": amount} for code, amount in lines], "due_rule": due_rule}
        assert self.hear(kind, data, subject=application, sequence=sequence) == expected
        return application

    def bills(self, application: str, status: str | None = None) -> list[dict[str, Any]]:
        answer = self.client.get("/v1/bills?limit=200", headers=self.as_("budi", "citizen"))
        found = [bill for bill in answer.json["items"] if bill["reference"]["id"] == application]
        return [bill for bill in found if status in (None, bill["status"])]

    def a_bill(self, total: int = 346680) -> dict[str, Any]:
        return self.bills(self.assess(total))[0]

    def callback(self, bill: dict[str, Any], **other: Any) -> bytes:
        account = bill["virtual_account_no"]
        body = {
            "partnerServiceId": "   12710", "customerNo": account[5:], "virtualAccountNo": f"   {account}", "paymentRequestId": uuid4().hex,
            "paidAmount": {"value": f"{bill['total']}.00", "currency": "IDR"}, **other,
        }  # fmt: skip
        return json.dumps(body, separators=(",", ":")).encode()

    def signed(
        self, body: bytes, *, external: str = "", secret: str = SECRET, at: datetime | None = None, role: str = "bank", path: str = URL
    ) -> dict[str, str]:
        token = self.token("bank", role)
        timestamp = (at or datetime.now(UTC)).isoformat(timespec="seconds")
        signature = sign(SignedCall("POST", path, token, body, timestamp), secret)
        return {
            "Authorization": f"Bearer {token}", "X-TIMESTAMP": timestamp, "X-SIGNATURE": signature, "X-PARTNER-ID": "MEDANDEMO",
            "X-EXTERNAL-ID": external or str(next(_external)), "CHANNEL-ID": "95231", "Content-Type": "application/json",
        }  # fmt: skip

    def pay(self, bill: dict[str, Any], **other: Any) -> TestResponse:
        body = self.callback(bill, **other)
        return self.client.post(URL, data=body, headers=self.signed(body))

    def counter(self, bill: dict[str, Any], reference: str = "", amount: int | None = None) -> TestResponse:
        body = {
            "bill_id": bill["id"],
            "amount": amount or bill["total"],
            "channel": "counter_cash",
            "bank_reference": reference or uuid4().hex,
        }
        return self.client.post("/v1/payments", json=body, headers={**self.treasurer(), **self.key()})

    def treasurer(self) -> dict[str, str]:
        return self.as_("bendahara", "treasurer", office="DPMPTSP")

    def head(self) -> dict[str, str]:
        return self.as_("kuasa-bud", "head", office="BKAD")

    def act(self, path: str, who: dict[str, str], body: dict[str, Any] | None = None) -> TestResponse:
        """An action on a thing, with a fresh If-Match and key."""
        thing = "/".join(path.split("/")[:4])
        etag = self.client.get(thing, headers=who).headers.get("ETag", "")
        return self.client.post(path, json=body, headers={**who, **self.key(), "If-Match": etag})

    def balanced(self) -> dict[str, int]:
        """Every account's debit minus credit; asserts that they sum to nothing."""
        rows = self.client.get("/v1/ledger/accounts", headers=self.treasurer()).json["accounts"]
        found = {row["account_code"]: row["debit"] - row["credit"] for row in rows}
        assert sum(found.values()) == 0
        return found


@pytest.fixture
def treasury(client: FlaskClient, as_: Any, key: Any, hear: Any, told: Any, example: Any, issuer: Any) -> Treasury:
    return Treasury(client, as_, key, hear, told, example, issuer.token)


@dataclass
class Hand:
    """Who bills by hand at one office."""

    treasury: Treasury
    issuer: Any
    DRAFT: ClassVar[dict[str, Any]] = {
        "payer": {"sub": "budi", "name": "Budi Santoso", "address": "Jl. Sei Deli 1", "payer_no": "P.1.0012"},
        "heads": [{"account_code": "4.1.02.01.02.0001", "amount": 60_000}, {"account_code": "4.1.02.02.01.0002", "amount": 40_000}],
        "due_rule": "skrd-30-days",
        "period_from": "2026-01-01",
        "period_to": "2026-01-31",
    }

    @property
    def client(self) -> FlaskClient:
        return self.treasury.client

    def officer(self, office: str = "DPMPTSP") -> dict[str, str]:
        return self.treasury.as_("petugas", "officer", office=office)  # type: ignore[no-any-return]

    def head(self, sub: str = "kepala", *deputy_of: str, office: str = "DPMPTSP") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.token(sub, 'head', office=office, acting_for=list(deputy_of))}"}

    def prepare(self, who: dict[str, str] | None = None, **other: Any) -> Any:
        return self.client.post("/v1/bills", json=self.DRAFT | other, headers={**(who or self.officer()), **self.treasury.key()})

    def issue(self, draft: dict[str, Any], who: dict[str, str] | None = None) -> Any:
        return self.treasury.act(f"/v1/bills/{draft['id']}/issuance", who or self.head())

    def a_bill(self, **other: Any) -> dict[str, Any]:
        return self.issue(self.prepare(**other).json).json  # type: ignore[no-any-return]

    def shown(self, bill: dict[str, Any]) -> dict[str, Any]:
        return self.client.get(f"/v1/bills/{bill['id']}", headers=self.officer()).json  # type: ignore[no-any-return]

    def register(self) -> list[dict[str, Any]]:
        year = city_clock.now().year
        return self.client.get(f"/v1/bills/register?year={year}", headers=self.officer()).json["items"]  # type: ignore[no-any-return]


@pytest.fixture
def hand(treasury: Treasury, issuer: Any) -> Hand:
    return Hand(treasury, issuer)
