"""A bank in one file: it tells the city by SNAP BI that a virtual account was paid, signed as a real one signs.

    SNAP_CLIENT_SECRET=… SNAP_PRIVATE_KEY=… python examples/bank.py --va 127102026000000000428 --amount 346680 --repeat 3

A repetition is what a bank does that has lost the answer: the same bytes with the same X-EXTERNAL-ID. `--misbehave` shows what else happens
between two machines (repeat, delay, reorder, wrong-amount, wrong-signature, lost-answer, lost-call); after each the bank does what is right, and
the bill is paid once. With `--answer PORT` it stays, and answers the city that asks what became of a payment; `CITY_CLIENT_SECRET` and
`CITY_PUBLIC_KEY` are what the city signs with (its `BANK_CLIENT_SECRET`, and the public half of its `BANK_PRIVATE_KEY`).
Source: SNAP BI access-token/b2b and transfer-va; needs httpx and cryptography.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

TOKEN, INQUIRY = "/snap/v1.0/access-token/b2b", "/snap/v1.0/transfer-va/inquiry"
PATH, STATUS = "/snap/v1.0/transfer-va/payment", "/snap/v1.0/transfer-va/status"
PARTNER_ID, CHANNEL_ID = "MEDANDEMO", "95231"
CUSTOMER_DIGITS, PARTNER_LENGTH = 16, 8


def new_external_id() -> str:
    """A number no call of this bank has had today."""
    return str(secrets.randbelow(10**30)).rjust(30, "1")


def account(virtual_account_no: str) -> dict[str, str]:
    """A virtual account as SNAP names it: partner, customer, and both joined."""
    number = virtual_account_no.strip()
    partner, customer = number[:-CUSTOMER_DIGITS].rjust(PARTNER_LENGTH), number[-CUSTOMER_DIGITS:]
    return {"partnerServiceId": partner, "customerNo": customer, "virtualAccountNo": partner + customer}


def minified(body: dict[str, object]) -> bytes:
    """These very bytes are signed and sent."""
    return json.dumps(body, separators=(",", ":")).encode()


def callback(virtual_account_no: str, amount: int, request_id: str) -> bytes:
    """What the bank tells of a payment; `amount` in whole rupiah."""
    paid = {"paymentRequestId": request_id, "paidAmount": {"value": f"{amount}.00", "currency": "IDR"}}
    return minified({**account(virtual_account_no), **paid, "trxDateTime": moment()})


def moment(ago: timedelta = timedelta()) -> str:
    """Now, or a while ago, as X-TIMESTAMP has it."""
    return (datetime.now(UTC) - ago).isoformat(timespec="seconds")


def signature(secret: str, token: str, body: bytes, timestamp: str, path: str = PATH) -> str:
    """HMAC-SHA512 over method, path, token, SHA-256 of the body and timestamp; base64."""
    text = f"POST:{path}:{token}:{hashlib.sha256(body).hexdigest()}:{timestamp}"
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha512")).decode()


@dataclass
class Bank:
    """A bank with its secrets: `client_secret` signs calls, `token` says who calls; `book` is what payers have paid, by the inquiry's id."""

    http: httpx.Client
    client_secret: str
    token: str
    book: "dict[str, Paid]" = field(default_factory=dict)

    @classmethod
    def signed_in(cls, http: httpx.Client, client_secret: str, private_key: str) -> "Bank":
        """With an access token, got by the private key (base64 of its DER); raises `httpx.HTTPStatusError` where it is not let in."""
        timestamp = moment()
        key = load_der_private_key(base64.b64decode(private_key), None)
        assert isinstance(key, RSAPrivateKey)
        proof = base64.b64encode(key.sign(f"{PARTNER_ID}|{timestamp}".encode(), PKCS1v15(), SHA256())).decode()
        headers = {"X-CLIENT-KEY": PARTNER_ID, "X-TIMESTAMP": timestamp, "X-SIGNATURE": proof}
        answer = http.post(TOKEN, json={"grantType": "client_credentials"}, headers=headers)
        return cls(http, client_secret, answer.raise_for_status().json()["accessToken"])

    def send(self, body: bytes, external_id: str, timestamp: str = "", path: str = PATH) -> httpx.Response:
        """One call with these bytes."""
        timestamp = timestamp or moment()
        headers = {
            "Content-Type": "application/json", "Authorization": f"Bearer {self.token}", "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signature(self.client_secret, self.token, body, timestamp, path), "X-PARTNER-ID": PARTNER_ID,
            "X-EXTERNAL-ID": external_id, "CHANNEL-ID": CHANNEL_ID,
        }  # fmt: skip
        return self.http.post(path, content=body, headers=headers)

    def inquire(self, virtual_account_no: str, request_id: str = "") -> httpx.Response:
        """What is owed on it? A payment that follows has the same id."""
        body = minified({**account(virtual_account_no), "inquiryRequestId": request_id or secrets.token_hex(16)})
        return self.send(body, new_external_id(), path=INQUIRY)

    def status(self, virtual_account_no: str, request_id: str) -> httpx.Response:
        """What became of that payment?"""
        body = minified({**account(virtual_account_no), "paymentRequestId": request_id})
        return self.send(body, new_external_id(), path=STATUS)

    def pay(self, virtual_account_no: str, amount: int, *, request_id: str = "", repeat: int = 1) -> list[httpx.Response]:
        """Tell one payment, `repeat` times the same."""
        body, external_id = callback(virtual_account_no, amount, request_id or secrets.token_hex(16)), new_external_id()
        return [self.send(body, external_id) for _ in range(repeat)]


@dataclass(frozen=True)
class Paid:
    """What a payer did at the bank, before the city was told. `amount` in whole rupiah."""

    virtual_account_no: str
    amount: int
    request_id: str
    external_id: str

    @property
    def told(self) -> bytes:
        return callback(self.virtual_account_no, self.amount, self.request_id)


def repeat(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """The same bytes under the same number, three times."""
    told = paid.told
    return [bank.send(told, paid.external_id) for _ in range(3)]


def delay(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """The call lay about for six minutes after it was signed; then it is signed anew."""
    told = paid.told
    return [bank.send(told, paid.external_id, moment(timedelta(minutes=6))), bank.send(told, paid.external_id)]


def reorder(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """The question what became of it overtakes the payment."""
    early = bank.status(paid.virtual_account_no, paid.request_id)
    return [early, bank.send(paid.told, paid.external_id), bank.status(paid.virtual_account_no, paid.request_id)]


def wrong_amount(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """One rupiah too much; then what was really paid, under its own number."""
    wrong = replace(paid, amount=paid.amount + 1, external_id=new_external_id())
    return [bank.send(wrong.told, wrong.external_id), bank.send(paid.told, paid.external_id)]


def wrong_signature(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """Signed with a secret that is not the bank's; then with its own."""
    told, stranger = paid.told, replace(bank, client_secret="not the bank's")
    return [stranger.send(told, paid.external_id), bank.send(told, paid.external_id)]


def lost_answer(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """It was done and the answer never arrived: the bank asks, and tells it again under a new number."""
    bank.send(paid.told, paid.external_id)
    return [bank.status(paid.virtual_account_no, paid.request_id), bank.send(paid.told, new_external_id())]


def lost_call(bank: Bank, paid: Paid) -> list[httpx.Response]:
    """The payer has paid after the inquiry, and the call that should tell it never arrived: the city has to ask."""
    bank.book[paid.request_id] = paid
    return [bank.inquire(paid.virtual_account_no, paid.request_id)]


MISBEHAVIOUR: dict[str, Callable[[Bank, Paid], list[httpx.Response]]] = {
    "repeat": repeat,
    "delay": delay,
    "reorder": reorder,
    "wrong-amount": wrong_amount,
    "wrong-signature": wrong_signature,
    "lost-answer": lost_answer,
    "lost-call": lost_call,
}


@dataclass
class Desk:
    """Where the city asks what became of a payment; answers only what the city has signed. `status` is what is said of a payment in the book."""

    book: dict[str, Paid]
    city_secret: str
    city_key: RSAPublicKey
    status: str = "00"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        """HTTP status and body."""
        if path == TOKEN:
            proof = f"{headers['X-CLIENT-KEY']}|{headers['X-TIMESTAMP']}".encode()
            self.city_key.verify(base64.b64decode(headers["X-SIGNATURE"]), proof, PKCS1v15(), SHA256())
            return 200, {"responseCode": "2007300", "responseMessage": "Successful", "accessToken": "the-city"}
        signed = signature(self.city_secret, "the-city", body, headers["X-TIMESTAMP"], STATUS)
        if path != STATUS or not hmac.compare_digest(signed, headers["X-SIGNATURE"]):
            return 401, {"responseCode": "4012600", "responseMessage": "Unauthorized. Signature"}
        question = json.loads(body)
        self.asked.append(question)
        named = (one for one in self.book.values() if one.request_id == question.get("paymentRequestId"))
        paid = next(named, None) or self.book.get(question["inquiryRequestId"])
        if paid is None:
            return 404, {"responseCode": "4042601", "responseMessage": "Transaction Not Found"}
        money = {"paidAmount": {"value": f"{paid.amount}.00", "currency": "IDR"}, "paymentFlagStatus": self.status}
        told = {
            **account(paid.virtual_account_no),
            "inquiryRequestId": question["inquiryRequestId"],
            "paymentRequestId": paid.request_id,
            **money,
        }
        return 200, {"responseCode": "2002600", "responseMessage": "Successful", "virtualAccountData": told}


def desk_at(port: int, desk: Desk) -> ThreadingHTTPServer:
    """A server for the desk on this machine; what is wrongly signed ends its connection."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name http.server asks for
            status, told = desk.answer(self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def stay(port: int, bank: Bank) -> None:
    """Answer the city until somebody stops it."""
    key = load_der_public_key(base64.b64decode(os.environ["CITY_PUBLIC_KEY"]))
    assert isinstance(key, RSAPublicKey)
    desk_at(port, Desk(bank.book, os.environ["CITY_CLIENT_SECRET"], key)).serve_forever()


def main() -> int:
    """Pay one virtual account; exit code 0 when the last answer was a success."""
    asked = argparse.ArgumentParser(description="Tell the city that a virtual account was paid.")
    asked.add_argument("--url", default="http://127.0.0.1:8080", help="the gateway")
    asked.add_argument("--va", required=True, help="virtual account number, as on the bill")
    asked.add_argument("--amount", required=True, type=int, help="whole rupiah")
    asked.add_argument("--repeat", type=int, default=1, help="how often the same call is sent")
    asked.add_argument("--misbehave", choices=MISBEHAVIOUR, help="what goes wrong on the way")
    asked.add_argument("--answer", type=int, metavar="PORT", help="stay, and answer the city that asks")
    options = asked.parse_args()
    with httpx.Client(base_url=options.url, timeout=10) as http:
        bank = Bank.signed_in(http, os.environ["SNAP_CLIENT_SECRET"], os.environ["SNAP_PRIVATE_KEY"])
        print(bank.inquire(options.va).text)
        if options.misbehave:
            paid = Paid(options.va, options.amount, secrets.token_hex(16), new_external_id())
            answers = MISBEHAVIOUR[options.misbehave](bank, paid)
        else:
            answers = bank.pay(options.va, options.amount, repeat=options.repeat)
    for answer in answers:
        print(answer.status_code, answer.text)
    if options.answer:
        stay(options.answer, bank)
    return 0 if answers[-1].status_code == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
