"""`examples/bank.py` speaks what this service hears."""

import base64
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization as form

FILE = Path(__file__).parents[4] / "examples" / "bank.py"


@pytest.fixture
def simulator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bank_example", FILE)
    assert spec and spec.loader
    found = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def private(key: Any) -> str:
    return base64.b64encode(key.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())).decode()


def test_the_simulator_signs_in_asks_pays_and_asks_what_became_of_it(
    simulator: ModuleType, app: Any, treasury: Any, bank_keys: list[Any]
) -> None:
    bill = treasury.a_bill(346680)
    account = bill["virtual_account_no"]
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank.signed_in(http, "test-snap_client_secret", private(bank_keys[0]))
        owed, unknown = bank.inquire(account).json(), bank.status(account, "r-1").json()
        (paid,) = bank.pay(account, 346680, request_id="r-1")
        known, again = bank.status(account, "r-1").json(), bank.inquire(account).json()
    assert owed["responseCode"] == "2002400" and owed["virtualAccountData"]["totalAmount"] == {"value": "346680.00", "currency": "IDR"}
    assert (unknown["responseCode"], again["responseCode"]) == ("4042601", "4042414")
    assert known["virtualAccountData"]["referenceNo"] == paid.json()["virtualAccountData"]["referenceNo"]
    assert (known["responseCode"], known["virtualAccountData"]["paymentFlagStatus"]) == ("2002600", "00")


def test_a_payment_told_three_times_by_the_simulator_credits_once(simulator: ModuleType, app: Any, treasury: Any) -> None:
    bill = treasury.a_bill(346680)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank(http, "test-snap_client_secret", treasury.token("bank", "bank"))
        answers = bank.pay(bill["virtual_account_no"], 346680, repeat=3)
        stranger = simulator.Bank(http, "another secret", treasury.token("bank", "bank"))
        (refused,) = stranger.pay(bill["virtual_account_no"], 346680)
    assert [answer.json()["responseCode"] for answer in answers] == ["2002500"] * 3
    assert len({answer.content for answer in answers}) == 1
    assert refused.json()["responseCode"] == "4012500"
    assert treasury.balanced()["1.1.01.02.01.0001"] == 346680
