"""`examples/bank.py` speaks what this service hears."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

FILE = Path(__file__).parents[4] / "examples" / "bank.py"


@pytest.fixture
def simulator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bank_example", FILE)
    assert spec and spec.loader
    found = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


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
