"""A QRIS payment that is announced and not known is asked for until it is, and credited once; our question is signed as SNAP wants it."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy.orm import Session

from finance_sts.rules.snap_signature import SignedCall, is_fresh, is_signed, read_timestamp, token_text
from finance_sts.use_cases import bank_questions, pending_payments
from smartcity import clock as city_clock
from smartcity import due
from smartcity.settings import Settings, SettingsError
from smartcity.testing.stand_in import Asked, serving

CASH, NOTICE = "1.1.01.02.01.0001", "/snap/v1.0/qr/qr-mpm-notify"


@dataclass
class Recorded:
    """An acquirer that answers what it is told to, and believes only what is rightly signed."""

    key: RSAPublicKey
    says: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        at = headers["X-TIMESTAMP"]
        assert is_fresh(read_timestamp(at), city_clock.real_now())
        if path == "/snap/v1.0/access-token/b2b":
            self.key.verify(base64.b64decode(headers["X-SIGNATURE"]), token_text("MEDAN", at), PKCS1v15(), SHA256())
            return 200, {"responseCode": "2007300", "accessToken": "a.token"}
        assert path == "/snap/v1.0/qr/qr-mpm-query"
        assert headers["Authorization"] == "Bearer a.token" and headers["X-PARTNER-ID"] == "MEDAN" and headers["X-EXTERNAL-ID"].isdigit()
        assert is_signed(SignedCall("POST", path, "a.token", body, at), "ours", headers["X-SIGNATURE"])
        self.asked.append(json.loads(body))
        said = self.says.pop(0)
        if isinstance(said, tuple):
            return said  # type: ignore[return-value]
        return 200, {"responseCode": "2005100", "originalReferenceNo": "q-1", "latestTransactionStatus": said, "amount": rupiah(100)}


def rupiah(amount: int) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": "IDR"}


@pytest.fixture
def bank(app: Any, config: Settings, bank_keys: list[Any], bank_key: str) -> Iterator[Recorded]:
    """The acquirer on a port of its own, named by the settings."""
    recorded = Recorded(bank_keys[0].public_key())

    def answer(asked: Asked) -> tuple[int, bytes]:
        status, told = recorded.answer(asked.path, asked.headers, asked.body)
        return status, told if isinstance(told, bytes) else json.dumps(told).encode()

    with serving(answer) as url:
        bank_questions.configure(named(config, f"{url}/snap", bank_key))
        yield recorded
        bank_questions.configure(config)


def named(config: Settings, url: str, key: str) -> Settings:
    told = {"ACQUIRER_URL": url, "ACQUIRER_CLIENT_ID": "MEDAN", "ACQUIRER_CLIENT_SECRET": "ours", "ACQUIRER_PRIVATE_KEY": key}
    return replace(config, extra={**config.extra, **told})


def announce(treasury: Any, bill: dict[str, Any], status: str, answered: int = 200) -> None:
    """The acquirer's notice."""
    told = {
        "originalReferenceNo": "q-1", "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": status, "amount": rupiah(100),
    }  # fmt: skip
    body = json.dumps(told).encode()
    assert treasury.client.post(NOTICE, data=body, headers=treasury.signed(body, path=NOTICE)).status_code == answered


def credited(treasury: Any) -> int:
    return int(treasury.balanced().get(CASH, 0))


def test_it_is_asked_for_until_it_is_known_and_credited_once(treasury: Any, bank: Recorded, run_due: Any, clock: Any) -> None:
    bill = treasury.a_bill(100)
    announce(treasury, bill, "03")
    assert set(run_due()) <= {"done"} and bank.asked == []
    bank.says = ["03", (503, b"busy"), (200, b"nonsense"), "00"]
    for asked, kept in enumerate((0, 0, 0, 100), 1):
        clock.advance(minutes=10 * 2 ** (asked - 1))
        assert set(run_due()) == {"done"}
        assert (len(bank.asked), credited(treasury)) == (asked, kept)
    assert bank.asked[0] == {"originalReferenceNo": "q-1", "originalPartnerReferenceNo": bill["number"], "serviceCode": "47"}
    announce(treasury, bill, "00")
    clock.advance(minutes=10)
    run_due()
    assert (len(bank.asked), credited(treasury)) == (4, 100)
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1


@pytest.mark.parametrize(("status", "asked"), [("00", 1), ("03", 1), ("06", 0)], ids=["paid", "pending", "failed"])
def test_a_notice_that_we_could_not_keep_is_asked_for_unless_nothing_moved(
    treasury: Any, bank: Recorded, run_due: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, status: str, asked: int
) -> None:
    bill = treasury.a_bill(100)
    with monkeypatch.context() as broken:
        broken.setattr(pending_payments, "announced", lambda *_: 1 / 0)
        announce(treasury, bill, status, answered=500)
    assert credited(treasury) == 0
    bank.says = ["00"]
    clock.advance(minutes=10)
    run_due()
    assert (len(bank.asked), credited(treasury)) == (asked, 100 * asked)


@pytest.mark.parametrize("end", ["00", "05", "06"])
def test_what_its_notice_has_settled_is_not_asked_for(treasury: Any, bank: Recorded, run_due: Any, clock: Any, end: str) -> None:
    bill = treasury.a_bill(100)
    announce(treasury, bill, "03")
    announce(treasury, bill, end)
    clock.advance(minutes=10)
    run_due()
    assert bank.asked == []
    assert credited(treasury) == (100 if end == "00" else 0)


@pytest.mark.parametrize("said", ["05", "06", (404, {"responseCode": "4045101"})], ids=["cancelled", "failed", "nobody paid"])
def test_what_came_to_nothing_is_asked_for_once(treasury: Any, bank: Recorded, run_due: Any, clock: Any, said: Any) -> None:
    announce(treasury, treasury.a_bill(100), "02")
    bank.says = [said]
    for _ in range(2):
        clock.advance(minutes=10)
        assert set(run_due()) <= {"done"}
    assert (len(bank.asked), credited(treasury)) == (1, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"originalReferenceNo": "q-2"},
        {"amount": {"value": "100.50", "currency": "IDR"}},
        {"amount": {"value": "100.00", "currency": "USD"}},
    ],
    ids=["of another payment", "parts of a rupiah", "another currency"],
)
def test_an_answer_that_is_none_credits_nothing_and_is_asked_for_again(
    treasury: Any, bank: Recorded, run_due: Any, clock: Any, other: dict[str, Any]
) -> None:
    announce(treasury, treasury.a_bill(100), "03")
    whole = {"responseCode": "2005100", "originalReferenceNo": "q-1", "latestTransactionStatus": "00", "amount": rupiah(100)}
    bank.says = [(200, {**whole, **other}), (200, whole)]
    for kept in (0, 100):
        clock.advance(minutes=20)
        run_due()
        assert credited(treasury) == kept


def test_nobody_is_asked_where_the_settings_name_nobody(treasury: Any, session: Session) -> None:
    announce(treasury, treasury.a_bill(100), "03")
    assert session.scalars(sa.select(due.DueWork).where(due.DueWork.kind == pending_payments.ASK)).all() == []


@pytest.mark.parametrize(
    ("wrong", "named_setting"),
    [
        ({"ACQUIRER_URL": "ftp://bank"}, "ACQUIRER_URL"),
        ({"ACQUIRER_CLIENT_SECRET": ""}, "ACQUIRER_CLIENT_SECRET"),
        ({"ACQUIRER_PRIVATE_KEY": "bm8="}, "ACQUIRER_PRIVATE_KEY"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_stops_the_start_and_is_named(
    config: Settings, bank_key: str, wrong: dict[str, str], named_setting: str
) -> None:
    whole = named(config, "https://bank.example", bank_key)
    with pytest.raises(SettingsError, match=named_setting):
        bank_questions.configure(replace(whole, extra={**whole.extra, **wrong}))
