"""Money at a bank at which its office has no receiving account in `data/bank_accounts.yaml`: no statement ever shows it, so it is named."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.payment import Channel, Payment
from finance_sts.use_cases.bank_accounts import receives_at

AT_BANKS = (Channel.VIRTUAL_ACCOUNT, Channel.QRIS, Channel.COUNTER_TRANSFER)


def of_day(session: Session, day: date, office: str | None) -> list[dict[str, Any]]:
    """(`office`, `bank`, `payments`, `amount` in whole rupiah) of the cash day, where no account receives them; of one office or of all."""
    mine = [Payment.day == day, Payment.channel.in_(AT_BANKS)] + ([] if office is None else [Payment.office == office])
    query = sa.select(Payment.office, Payment.bank, sa.func.count(), sa.cast(sa.func.sum(Payment.amount), sa.BigInteger)).where(*mine)
    rows = session.execute(query.group_by(Payment.office, Payment.bank).order_by(Payment.office, Payment.bank))
    return [
        {"office": where, "bank": bank, "payments": payments, "amount": amount}
        for where, bank, payments, amount in rows
        if not receives_at(where, bank, day)
    ]
