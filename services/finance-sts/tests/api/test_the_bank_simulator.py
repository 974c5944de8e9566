"""`examples/bank.py` speaks what this service hears."""

from types import ModuleType
from typing import Any

import httpx
import pytest


def test_the_simulator_signs_in_asks_pays_and_asks_what_became_of_it(simulator: ModuleType, app: Any, treasury: Any, bank_key: str) -> None:
    bill = treasury.a_bill(346680)
    account = bill["virtual_account_no"]
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank.signed_in(http, "test-snap_client_secret", bank_key)
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


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        ("repeat", ["2002500"] * 3),
        ("delay", ["4012500", "2002500"]),
        ("reorder", ["4042601", "2002500", "2002600"]),
        ("wrong-amount", ["4042513", "2002500"]),
        ("wrong-signature", ["4012500", "2002500"]),
        ("lost-answer", ["2002600", "2002500"]),
    ],
)
def test_however_the_simulator_misbehaves_the_bill_is_paid_once(
    simulator: ModuleType, app: Any, treasury: Any, how: str, codes: list[str]
) -> None:
    bill = treasury.a_bill(346680)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank(http, "test-snap_client_secret", treasury.token("bank", "bank"))
        paid = simulator.Paid(bill["virtual_account_no"], 346680, "r-1", simulator.new_external_id())
        answers = simulator.MISBEHAVIOUR[how](bank, paid)
    assert [answer.json()["responseCode"] for answer in answers] == codes
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1
    assert treasury.balanced()["1.1.01.02.01.0001"] == 346680
