"""What finance-sts tells, and what it hears."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model import facts
from finance_sts.model.facts import Reference
from finance_sts.use_cases import billing, objections
from finance_sts.use_cases.billing import Assessed, Payer
from smartcity.events import Event, Heard

BILL_ISSUED_V1 = "finance-sts.bill.issued.v1"
BILL_PART_PAID_V1 = "finance-sts.bill.part_paid.v1"
BILL_PAID_V1 = "finance-sts.bill.paid.v1"
BILL_CANCELLED_V1 = "finance-sts.bill.cancelled.v1"
BILL_WRITTEN_OFF_V1 = "finance-sts.bill.written_off.v1"
BILL_OVERDUE_V1 = "finance-sts.bill.overdue.v1"
BILL_REMINDED_V1 = "finance-sts.bill.reminded.v1"
BILL_WARNED_V1 = "finance-sts.bill.warned.v1"
BILL_INSTALMENTS_AGREED_V1 = "finance-sts.bill.instalments_agreed.v1"
BILL_INSTALMENTS_ENDED_V1 = "finance-sts.bill.instalments_ended.v1"
OBJECTION_FILED_V1 = "finance-sts.objection.filed.v1"
OBJECTION_WITHDRAWN_V1 = "finance-sts.objection.withdrawn.v1"
OBJECTION_DECIDED_V1 = "finance-sts.objection.decided.v1"
PAYMENT_RECEIVED_V1 = "finance-sts.payment.received.v1"
PAYMENT_REFUNDED_V1 = "finance-sts.payment.refunded.v1"
REFUND_DEEMED_GRANTED_V1 = "finance-sts.refund.deemed_granted.v1"
DAY_RECONCILED_V1 = "finance-sts.day.reconciled.v1"
DEPOSIT_SLIP_ISSUED_V1 = "finance-sts.deposit_slip.issued.v1"
DEPOSIT_SLIP_DEPOSITED_V1 = "finance-sts.deposit_slip.deposited.v1"
DEPOSIT_SLIP_DIFFERING_V1 = "finance-sts.deposit_slip.differing.v1"
DEPOSIT_SLIP_VALIDATED_V1 = "finance-sts.deposit_slip.validated.v1"
MONTHLY_REPORT_SIGNED_V1 = "finance-sts.monthly_report.signed.v1"
DAY_CLOSED_V1 = "finance-sts.day.closed.v1"
RETRIBUTION_ASSESSED_V1 = "licensing.retribution.assessed.v1"
RETRIBUTION_REASSESSED_V1 = "licensing.retribution.reassessed.v1"
APPLICATION_WITHDRAWN_V1 = "licensing.application.withdrawn.v1"
APPLICATION_LAPSED_V1 = "licensing.application.lapsed.v1"
PAYMENT_NOT_USABLE_V1 = "licensing.payment.not_usable.v1"
ENDED = {APPLICATION_WITHDRAWN_V1: "application-withdrawn", APPLICATION_LAPSED_V1: "application-lapsed"}
"""What ends an application before it is paid, and the reason its bill is cancelled for."""


def _bill(kind: str, fact: Any) -> Event:
    return Event(kind, subject=fact.bill_id, data=dict(vars(fact)))


def _slip(kind: str, fact: Any) -> Event:
    return Event(kind, subject=fact.slip_id, data=dict(vars(fact)))


def _objection(kind: str, fact: Any) -> Event:
    return Event(kind, subject=fact.objection_id, data=dict(vars(fact)))


TELLS = {
    facts.BillIssued: lambda fact: _bill(BILL_ISSUED_V1, fact),
    facts.BillPartPaid: lambda fact: _bill(BILL_PART_PAID_V1, fact),
    facts.BillPaid: lambda fact: _bill(BILL_PAID_V1, fact),
    facts.BillCancelled: lambda fact: _bill(BILL_CANCELLED_V1, fact),
    facts.BillWrittenOff: lambda fact: _bill(BILL_WRITTEN_OFF_V1, fact),
    facts.BillOverdue: lambda fact: _bill(BILL_OVERDUE_V1, fact),
    facts.BillReminded: lambda fact: _bill(BILL_REMINDED_V1, fact),
    facts.BillWarned: lambda fact: _bill(BILL_WARNED_V1, fact),
    facts.BillInstalmentsAgreed: lambda fact: _bill(BILL_INSTALMENTS_AGREED_V1, fact),
    facts.BillInstalmentsEnded: lambda fact: _bill(BILL_INSTALMENTS_ENDED_V1, fact),
    facts.ObjectionFiled: lambda fact: _objection(OBJECTION_FILED_V1, fact),
    facts.ObjectionWithdrawn: lambda fact: _objection(OBJECTION_WITHDRAWN_V1, fact),
    facts.ObjectionDecided: lambda fact: _objection(OBJECTION_DECIDED_V1, fact),
    facts.PaymentReceived: lambda fact: Event(PAYMENT_RECEIVED_V1, subject=fact.payment_id, data=dict(vars(fact))),
    facts.PaymentRefunded: lambda fact: Event(PAYMENT_REFUNDED_V1, subject=fact.refund_id, data=dict(vars(fact))),
    facts.RefundDeemedGranted: lambda fact: Event(REFUND_DEEMED_GRANTED_V1, subject=fact.refund_id, data=dict(vars(fact))),
    facts.DayReconciled: lambda fact: Event(DAY_RECONCILED_V1, subject=fact.reconciliation_id, data=dict(vars(fact))),
    facts.DepositSlipIssued: lambda fact: _slip(DEPOSIT_SLIP_ISSUED_V1, fact),
    facts.DepositSlipDeposited: lambda fact: _slip(DEPOSIT_SLIP_DEPOSITED_V1, fact),
    facts.DepositSlipDiffering: lambda fact: _slip(DEPOSIT_SLIP_DIFFERING_V1, fact),
    facts.DepositSlipValidated: lambda fact: _slip(DEPOSIT_SLIP_VALIDATED_V1, fact),
    facts.MonthlyReportSigned: lambda fact: Event(MONTHLY_REPORT_SIGNED_V1, subject=fact.report_id, data=dict(vars(fact))),
    facts.DayClosed: lambda fact: Event(DAY_CLOSED_V1, subject=fact.day_id, data=dict(vars(fact))),
}


def _reference(told: dict[str, Any]) -> Reference:
    return Reference(told["service"], told["kind"], UUID(told["id"]))


def on_retribution_assessed(session: Session, event: Heard, now: datetime) -> None:
    """Bill a charge; a reassessment is the same with a newer sequence."""
    charge = event.data["charge"]
    payer = Payer(charge["payer"]["sub"], charge["payer"]["name"], charge["payer"]["address"])
    heads = [(head["account_code"], head["amount"]) for head in charge["heads"]]
    fixed = (event.data["total"], charge["due_rule"], event.sequence)
    assessed = Assessed(_reference(charge["reference"]), payer, heads, *fixed, charge.get("kecamatan_code"))
    billing.charge_assessed(session, assessed, now)
    objections.put_in_force_elsewhere(session, assessed.reference, event.sequence, now)


def on_application_ended(session: Session, event: Heard, now: datetime) -> None:
    """Nothing is owed any more for an application that was withdrawn, or that lapsed."""
    reference = Reference("licensing", "permit_application", UUID(event.data["application_id"]))
    billing.charge_withdrawn(session, reference, event.sequence, ENDED[event.type], now)


def on_payment_not_usable(session: Session, event: Heard, now: datetime) -> None:
    """The money goes back."""
    told = event.data
    why = (told["reason_code"], now)
    billing.payment_not_usable(session, _reference(told["reference"]), UUID(told["bill_id"]), told["amount"], why)


HEARS = {
    RETRIBUTION_ASSESSED_V1: on_retribution_assessed,
    RETRIBUTION_REASSESSED_V1: on_retribution_assessed,
    **dict.fromkeys(ENDED, on_application_ended),
    PAYMENT_NOT_USABLE_V1: on_payment_not_usable,
}
