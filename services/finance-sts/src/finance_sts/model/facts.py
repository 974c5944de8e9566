"""What happened to bills, payments and slips, in past tense."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Reference:
    """What is charged for, as the charging service names it."""

    service: str
    kind: str
    id: UUID


@dataclass(frozen=True)
class Receipt:
    """The receipt (SSRD) of a payment: when and how the money came."""

    paid_at: datetime
    number: str
    channel: str


@dataclass(frozen=True)
class BillIssued:
    bill_id: UUID
    bill_no: str
    reference: Reference
    total: int
    due_on: date
    issued_at: datetime
    virtual_account_no: str
    qris_payload: str


@dataclass(frozen=True)
class BillPartPaid:
    bill_id: UUID
    bill_no: str
    reference: Reference
    total: int
    paid_total: int
    reference_paid_total: int
    paid_at: datetime
    receipt_no: str
    channel: str


@dataclass(frozen=True)
class BillPaid:
    bill_id: UUID
    bill_no: str
    reference: Reference
    total: int
    paid_total: int
    reference_paid_total: int
    paid_at: datetime
    receipt_no: str
    channel: str


@dataclass(frozen=True)
class BillCancelled:
    bill_id: UUID
    bill_no: str
    reference: Reference
    cancelled_at: datetime
    reason_code: str
    replaced_by: UUID | None


@dataclass(frozen=True)
class Basis:
    """On what a debt is given up: the reason, and the number of the decision."""

    reason_code: str
    decision_no: str


@dataclass(frozen=True)
class BillWrittenOff:
    bill_id: UUID
    bill_no: str
    reference: Reference
    amount: int
    written_off_at: datetime
    reason_code: str
    decision_no: str


@dataclass(frozen=True)
class BillOverdue:
    bill_id: UUID
    bill_no: str
    reference: Reference
    total: int
    due_on: date


@dataclass(frozen=True)
class BillReminded:
    bill_id: UUID
    bill_no: str
    reference: Reference
    outstanding: int
    due_on: date
    reminded_at: datetime


@dataclass(frozen=True)
class BillWarned:
    bill_id: UUID
    bill_no: str
    reference: Reference
    outstanding: int
    due_on: date
    letter_no: str
    warned_at: datetime


@dataclass(frozen=True)
class BillInstalmentsAgreed:
    bill_id: UUID
    bill_no: str
    reference: Reference
    agreement_id: UUID
    outstanding: int
    parts: int
    last_day: date
    agreed_at: datetime


@dataclass(frozen=True)
class BillInstalmentsEnded:
    bill_id: UUID
    bill_no: str
    reference: Reference
    agreement_id: UUID
    outstanding: int
    ended_at: datetime


@dataclass(frozen=True)
class ObjectionFiled:
    objection_id: UUID
    bill_id: UUID
    bill_no: str
    reference: Reference
    total: int
    amount_right: int
    filed_at: datetime
    decide_by: date


@dataclass(frozen=True)
class ObjectionDecided:
    objection_id: UUID
    bill_id: UUID
    bill_no: str
    reference: Reference
    outcome: str
    total: int
    amount: int
    decision_no: str
    decided_at: datetime


@dataclass(frozen=True)
class ObjectionWithdrawn:
    objection_id: UUID
    bill_id: UUID
    bill_no: str
    reference: Reference
    reason_code: str
    withdrawn_at: datetime


@dataclass(frozen=True)
class PaymentReceived:
    payment_id: UUID
    bill_id: UUID
    reference: Reference
    receipt_no: str
    office: str
    amount: int
    channel: str
    day: date
    paid_at: datetime
    usable: bool


@dataclass(frozen=True)
class PaymentRefunded:
    refund_id: UUID
    payment_id: UUID
    bill_id: UUID
    reference: Reference
    amount: int
    refunded_at: datetime
    reason_code: str
    assessment_no: str
    interest: int
    credited: int
    late_interest: int


@dataclass(frozen=True)
class RefundDeemedGranted:
    refund_id: UUID
    payment_id: UUID
    bill_id: UUID
    reference: Reference
    amount: int
    decide_by: date
    assess_by: date
    deemed_at: datetime


@dataclass(frozen=True)
class DayReconciled:
    reconciliation_id: UUID
    office: str
    day: date
    matched: int
    resolved: int
    reconciled_at: datetime


@dataclass(frozen=True)
class DepositSlipIssued:
    slip_id: UUID
    office: str
    day: date
    total: int
    issued_at: datetime


@dataclass(frozen=True)
class DepositSlipDeposited:
    slip_id: UUID
    slip_no: str
    office: str
    day: date
    total: int
    deposited_at: datetime
    late: bool
    deposit_by: date


@dataclass(frozen=True)
class DepositSlipDiffering:
    slip_id: UUID
    slip_no: str
    office: str
    day: date
    total: int
    credited_total: int
    found_at: datetime


@dataclass(frozen=True)
class DepositSlipValidated:
    slip_id: UUID
    slip_no: str
    office: str
    day: date
    total: int
    validated_at: datetime


@dataclass(frozen=True)
class DayClosed:
    day_id: UUID
    office: str
    day: date
    received: int
    deposited: int
    closed_at: datetime


@dataclass(frozen=True)
class MonthlyReportSigned:
    report_id: UUID
    office: str
    month: date
    received: int
    deposited: int
    due_on: date
    signed_at: datetime
    late: bool
