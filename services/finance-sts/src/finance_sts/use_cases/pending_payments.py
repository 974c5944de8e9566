"""A QRIS payment that is under way is asked for until it is known, where the settings name an acquirer to ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from finance_sts.model.bill import by_label
from finance_sts.model.payment import Channel
from finance_sts.rules.snap_codes import PAID, UNDER_WAY
from finance_sts.use_cases import acquirer, tables
from finance_sts.use_cases.payments import Incoming, record_payment
from finance_sts.use_cases.snap_access import MARK
from smartcity import due
from smartcity.calendar import day_of
from smartcity.observability import log

ASK = "finance-sts.ask-acquirer"


@dataclass(frozen=True)
class Announced:
    """A payment that was announced: by which partner, for what its code calls the bill, and the acquirer's own number. No word has a space."""

    partner: str
    label: str
    reference: str

    @property
    def subject(self) -> str:
        return " ".join((self.partner, self.label, self.reference))


def keep_asking(session: Session, announced: Announced, status: str, now: datetime) -> None:
    """Ask again while it is under way; what is known is not asked for."""
    if acquirer.named() is None:
        return
    minutes = timedelta(minutes=tables.minutes_between_questions(day_of(now)))
    due.appoint(session, ASK, announced.subject, now + minutes if status in UNDER_WAY else None)


def ask(session: Session, subject: str, now: datetime) -> None:
    """Ask the acquirer, and credit what was paid: as its own notice would have, once, whichever comes first."""
    announced = Announced(*subject.split(" "))
    bank = acquirer.named()
    if bank is None:
        return
    try:
        said = bank.ask(announced.label, announced.reference)
    except acquirer.AcquirerAway as away:
        log.warning("acquirer away", reason=str(away))
        keep_asking(session, announced, UNDER_WAY[-1], now)
        return
    if said.status == PAID:
        partner = tables.partner_called(announced.partner, day_of(now))
        assert partner is not None, "its notice was signed"
        money = Incoming(partner.bank, announced.reference, said.amount, Channel.QRIS, f"{MARK}:{announced.partner}")
        record_payment(session, by_label(session, announced.label), money, now)
    keep_asking(session, announced, said.status, now)
