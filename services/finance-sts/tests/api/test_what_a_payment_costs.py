"""How often a payment goes to PostgreSQL and back. Each way costs more than what is done there: a new one is a decision, not an accident."""

import json
from typing import Any
from uuid import uuid4

from smartcity.testing.plans import statements

VA, QRIS = "/snap/v1.0/transfer-va/payment", "/snap/v1.0/qr/qr-mpm-notify"


def asked(treasury: Any, path: str, body: bytes, headers: dict[str, str]) -> list[str]:
    """What PostgreSQL is asked for this one call, the end of its transaction included."""
    with statements(treasury.client.application.database.engine) as sent:
        assert treasury.client.post(path, data=body, headers=headers).status_code in (200, 201)
    return sent


def at_the_bank_s_door(treasury: Any, path: str, body: bytes) -> list[str]:
    return asked(treasury, path, body, treasury.signed(body, path=path))


def notice(bill: dict[str, Any], amount: int) -> bytes:
    money = {"value": f"{amount}.00", "currency": "IDR"}
    told = {
        "originalReferenceNo": uuid4().hex,
        "originalPartnerReferenceNo": bill["number"],
        "latestTransactionStatus": "00",
        "amount": money,
    }
    return json.dumps(told).encode()


def test_a_bank_s_callback_is_credited_in_eighteen_statements_and_one_commit(treasury: Any) -> None:
    treasury.pay(treasury.a_bill())
    sent = at_the_bank_s_door(treasury, VA, treasury.callback(treasury.a_bill()))
    assert len(sent) <= 19 and sent[-1] == "COMMIT", "\n".join(sent)


def test_a_bill_of_ten_heads_takes_no_more_than_one_of_one(treasury: Any) -> None:
    heads = [("4.1.02.03.01.0001", 10 + n) for n in range(10)]
    bill = treasury.bills(treasury.assess(sum(amount for _, amount in heads), heads=heads))[0]
    assert len(at_the_bank_s_door(treasury, VA, treasury.callback(bill))) <= 19


def test_the_office_s_number_is_taken_when_only_writing_is_left(treasury: Any) -> None:
    """Who takes it holds up every other payment of the office until the commit."""
    sent = at_the_bank_s_door(treasury, VA, treasury.callback(treasury.a_bill()))
    (taken,) = (n for n, statement in enumerate(sent) if "INTO number_series" in statement)
    assert all(statement.startswith(("INSERT", "UPDATE", "COMMIT")) for statement in sent[taken:]), "\n".join(sent[taken:])


def test_an_answer_given_before_is_read_and_nothing_else(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill())
    headers = treasury.signed(body)
    asked(treasury, VA, body, headers)
    assert len(asked(treasury, VA, body, headers)) <= 3


def test_money_by_qris_and_too_much_of_it_costs_little_more(treasury: Any) -> None:
    bill = treasury.a_bill()
    exact = at_the_bank_s_door(treasury, QRIS, notice(bill, bill["total"]))
    more = at_the_bank_s_door(treasury, QRIS, notice(treasury.a_bill(), bill["total"] + 1))
    assert len(exact) <= 19 and len(more) <= 21, "\n".join(more)


def test_a_payment_at_the_counter_costs_its_key_and_its_till_besides(treasury: Any) -> None:
    bill = treasury.a_bill()
    taken = {"bill_id": bill["id"], "amount": bill["total"], "channel": "counter_cash", "bank_reference": uuid4().hex}
    headers = {**treasury.treasurer(), **treasury.key(), "Content-Type": "application/json"}
    sent = asked(treasury, "/v1/payments", json.dumps(taken).encode(), headers)
    assert len(sent) <= 23, "\n".join(sent)
