"""What is taken at a counter: cash and card by the till's own numbers, a transfer by the bank's."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from finance_sts.model.bill import Bill
from finance_sts.model.payment import Channel
from finance_sts.use_cases.bank_accounts import receives_at
from finance_sts.use_cases.payments import Incoming
from smartcity.errors import InputWrong


def taken(bill: Bill, asked: Mapping[str, Any], who: str, today: date) -> Incoming:
    """The money of a treasurer's words (`channel`, `amount`, `bank_reference`, `bank`).

    A transfer is named by the bank it came to, so that its evidence credits once whichever counter it is shown at. Raises `InputWrong`:
    `required` (a transfer without its bank), `bank-unknown` (no receiving account there), `bank-not-asked` (cash and card).
    """
    channel, bank = Channel(asked["channel"]), asked.get("bank")
    if channel is not Channel.COUNTER_TRANSFER:
        if bank is not None:
            raise InputWrong({"bank": ["bank-not-asked"]})
        return Incoming(f"counter-{bill.office}", asked["bank_reference"], asked["amount"], channel, who)
    if bank is None:
        raise InputWrong({"bank": ["required"]})
    if not receives_at(bill.office, bank, today):
        raise InputWrong({"bank": ["bank-unknown"]})
    return Incoming(bank, asked["bank_reference"], asked["amount"], channel, who)
