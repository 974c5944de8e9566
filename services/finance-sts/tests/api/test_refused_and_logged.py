"""What is wrong with money, an account or a statement, outside the bank's door: its problem by name, a line in the log, and nothing credited."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from smartcity.observability import configure_logs

DAY = date(2026, 2, 12)
BOMB = b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'


def at_the_counter(amount: Any) -> Callable[..., Any]:
    def take(treasury: Any, bank: Any, hand: Any) -> Any:
        taken = {"bill_id": treasury.a_bill(100)["id"], "amount": amount, "channel": "counter_cash", "bank_reference": "T-1"}
        return treasury.client.post("/v1/payments", json=taken, headers={**treasury.treasurer(), **treasury.key()})

    return take


def of_a_statement(change: Callable[[bytes], bytes]) -> Callable[..., Any]:
    return lambda treasury, bank, hand: bank.send(change(bank.file(DAY, [(500, "VA 127102026000000018")])))


def loaded_twice(treasury: Any, bank: Any, hand: Any) -> Any:
    content = bank.file(DAY, [(500, "x")])
    assert bank.send(content).status_code == 201
    return bank.send(content)


def to_an_unknown_account(treasury: Any, bank: Any, hand: Any) -> Any:
    return hand.prepare(heads=[{"account_code": "4.1.99", "amount": 100}])


REFUSED = {
    "negative rupiah": (at_the_counter(-100), 422, "fields-wrong"),
    "no rupiah": (at_the_counter(0), 422, "fields-wrong"),
    "fractional rupiah": (at_the_counter(99.5), 422, "fields-wrong"),
    "rupiah as text": (at_the_counter("100"), 422, "fields-wrong"),
    "more than is owed": (at_the_counter(101), 409, "payment-amount-differs"),
    "an unknown account code": (to_an_unknown_account, 422, "fields-wrong"),
    "a broken balance": (
        of_a_statement(lambda text: text.replace(b":62F:C260212IDR", b":62F:C260212IDR9")),
        409,
        "statement-balance-broken",
    ),
    "another account": (of_a_statement(lambda text: text.replace(b":25:127", b":25:555")), 409, "statement-account-unknown"),
    "an XML bomb": (of_a_statement(lambda _: BOMB), 409, "statement-has-entities"),
    "a statement twice": (loaded_twice, 409, "statement-known"),
}


@pytest.mark.parametrize(("sent", "status", "problem"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_by_name_logged_by_that_name_and_nothing_is_credited(
    treasury: Any, bank: Any, hand: Any, clock: Any, capsys: pytest.CaptureFixture[str], sent: Any, status: int, problem: str
) -> None:
    clock.set(datetime(2026, 2, 13, 1, tzinfo=UTC))
    configure_logs("finance-sts", "INFO")
    capsys.readouterr()
    answer = sent(treasury, bank, hand)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (answer.status_code, answer.json["type"]) == (status, f"/problems/{problem}")
    assert [(line["problem"], line["status"]) for line in lines if line["event"] == "refused"] == [(problem, status)]
    assert treasury.balanced() == {}
