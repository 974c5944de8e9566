"""What licensing notes in past tense; `events.py` says how each looks outside."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class ApplicationSubmitted:
    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime


@dataclass(frozen=True)
class ApplicationReturned:
    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class ApplicationExamined:
    """One round was held; `result` is `conforms` or `needs_repair`."""

    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    round: int
    result: str


@dataclass(frozen=True)
class ApplicationApproved:
    """The technical side conforms; next its retribution is fixed."""

    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime


@dataclass(frozen=True)
class ApplicationRejected:
    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class ApplicationWithdrawn:
    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class ApplicationReminded:
    """It lapses after `lapses_on` if the applicant does nothing."""

    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    lapses_on: date


@dataclass(frozen=True)
class ApplicationLapsed:
    """The applicant did nothing in time."""

    application_id: UUID
    application_no: str
    permit_type: str
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class Debt:
    """Who owes the retribution, on which account, due by which rule, for a place in which kecamatan: what the treasury bills and reports by."""

    payer_sub: str
    payer_name: str
    payer_address: str
    account_code: str
    due_rule: str
    kecamatan_code: str


@dataclass(frozen=True)
class RetributionAssessed:
    """The retribution is fixed; `total` in whole rupiah, 0 where nothing is owed."""

    application_id: UUID
    application_no: str
    assessment_id: UUID
    assessed_on: date
    total: int
    rule_set: str
    debt: Debt


@dataclass(frozen=True)
class RetributionReassessed(RetributionAssessed):
    """It is fixed anew; the earlier assessment stays on record but no longer holds."""

    previous_assessment_id: UUID
    previous_total: int
    reason: str


@dataclass(frozen=True)
class PaymentNotUsable:
    """Money came on a bill of an application that can no longer become a permit. `amount` in whole rupiah."""

    application_id: UUID
    bill_id: UUID
    receipt_no: str
    amount: int
    reason_code: str


@dataclass(frozen=True)
class PermitIssued:
    permit_id: UUID
    permit_no: str
    permit_type: str
    application_id: UUID
    application_no: str
    issued_at: datetime
    kelurahan_code: str
    retribution_total: int
    receipt_no: str | None
    verify_code: str
    valid_until: date | None


@dataclass(frozen=True)
class PermitRevoked:
    permit_id: UUID
    permit_no: str
    permit_type: str
    revoked_at: datetime
    reason_code: str


@dataclass(frozen=True)
class PermitExpired:
    """Its last day, `valid_until`, is over."""

    permit_id: UUID
    permit_no: str
    permit_type: str
    valid_until: date


@dataclass(frozen=True)
class PermitAmended:
    """Another permit took its place; `cause` is `amendment` (applied for) or `correction` (by the office)."""

    permit_id: UUID
    permit_no: str
    permit_type: str
    amended_at: datetime
    cause: str
    successor_id: UUID
    successor_no: str
    verify_code: str
    application_id: UUID
    kelurahan_code: str


@dataclass(frozen=True)
class PermitSuspended:
    """It does not hold up to and with `suspended_until`, or until it is lifted before."""

    permit_id: UUID
    permit_no: str
    permit_type: str
    suspended_at: datetime
    suspended_until: date
    reason_code: str


@dataclass(frozen=True)
class PermitSuspensionLifted:
    permit_id: UUID
    permit_no: str
    permit_type: str
    lifted_at: datetime


@dataclass(frozen=True)
class PermitRenewalDue:
    """Its last day, `valid_until`, comes near and nothing follows it yet."""

    permit_id: UUID
    permit_no: str
    permit_type: str
    valid_until: date


@dataclass(frozen=True)
class ClockEscalated:
    """A step of an office has used `percent` of its time; it should be done by `due_on`."""

    application_id: UUID
    application_no: str
    permit_type: str
    step: str
    role: str
    percent: int
    due_on: date
    office: str


@dataclass(frozen=True)
class PermitWorksAsked:
    """Its holder has not said when the works begin; `lapses_on` is its last day without that."""

    permit_id: UUID
    permit_no: str
    permit_type: str
    turn: int
    lapses_on: date


@dataclass(frozen=True)
class InspectionConcluded:
    """`measures`: codes of what was ordered or recommended; `permit_id`: the building's permit, where it has one."""

    inspection_id: UUID
    complaint_id: UUID | None
    concluded_at: datetime
    outcome_code: str
    measures: tuple[str, ...]
    permit_id: UUID | None


@dataclass(frozen=True)
class InspectionEscalated:
    """An office has used `percent` of its time; the inspection should be done by `due_on`."""

    inspection_id: UUID
    inspection_no: str
    office: str
    percent: int
    due_on: date
