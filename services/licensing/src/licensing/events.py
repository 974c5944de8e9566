"""What licensing tells, and what it hears."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from licensing.model import facts
from licensing.model.bill_notice import IssuedBill, Payment
from licensing.model.complaint_notice import ComplaintStanding, ComplaintWord
from licensing.use_cases import complaints_heard, payments
from smartcity.events import Event, Heard

APPLICATION_SUBMITTED_V1 = "licensing.application.submitted.v1"
APPLICATION_RETURNED_V1 = "licensing.application.returned.v1"
APPLICATION_EXAMINED_V1 = "licensing.application.examined.v1"
APPLICATION_APPROVED_V1 = "licensing.application.approved.v1"
APPLICATION_REJECTED_V1 = "licensing.application.rejected.v1"
APPLICATION_REMINDED_V1 = "licensing.application.reminded.v1"
APPLICATION_LAPSED_V1 = "licensing.application.lapsed.v1"
APPLICATION_WITHDRAWN_V1 = "licensing.application.withdrawn.v1"
RETRIBUTION_ASSESSED_V1 = "licensing.retribution.assessed.v1"
RETRIBUTION_REASSESSED_V1 = "licensing.retribution.reassessed.v1"
CLOCK_ESCALATED_V1 = "licensing.clock.escalated.v1"
INSPECTION_CONCLUDED_V1 = "licensing.inspection.concluded.v1"
INSPECTION_ESCALATED_V1 = "licensing.inspection.escalated.v1"
PAYMENT_NOT_USABLE_V1 = "licensing.payment.not_usable.v1"
PERMIT_ISSUED_V1 = "licensing.permit.issued.v1"
PERMIT_AMENDED_V1 = "licensing.permit.amended.v1"
PERMIT_EXPIRED_V1 = "licensing.permit.expired.v1"
PERMIT_RENEWAL_DUE_V1 = "licensing.permit.renewal_due.v1"
PERMIT_WORKS_ASKED_V1 = "licensing.permit.works_asked.v1"
PERMIT_REVOKED_V1 = "licensing.permit.revoked.v1"
PERMIT_SUSPENDED_V1 = "licensing.permit.suspended.v1"
PERMIT_SUSPENSION_LIFTED_V1 = "licensing.permit.suspension_lifted.v1"
BILL_CANCELLED_V1 = "finance-sts.bill.cancelled.v1"
BILL_ISSUED_V1 = "finance-sts.bill.issued.v1"
BILL_OVERDUE_V1 = "finance-sts.bill.overdue.v1"
BILL_PAID_V1 = "finance-sts.bill.paid.v1"
COMPLAINT_ROUTED_V1 = "complaints.complaint.routed.v1"
COMPLAINT_REOPENED_V1 = "complaints.complaint.reopened.v1"
COMPLAINT_CLOSED_V1 = "complaints.complaint.closed.v1"
COMPLAINT_WITHDRAWN_V1 = "complaints.complaint.withdrawn.v1"
COMPLAINT_ARCHIVED_V1 = "complaints.complaint.archived.v1"
COMPLAINT_DUPLICATE_LINKED_V1 = "complaints.complaint.duplicate_linked.v1"

SERVICE, KIND = "licensing", "permit_application"


def reference(application_id: UUID) -> dict[str, Any]:
    """How the treasury names what it charges for."""
    return {"service": SERVICE, "kind": KIND, "id": application_id}


def _application(type_: str, fact: Any) -> Event:
    return Event(type_, subject=fact.application_id, data=dict(vars(fact)))


def _permit(type_: str, fact: Any) -> Event:
    return Event(type_, subject=fact.permit_id, data=dict(vars(fact)))


def _assessed(fact: facts.RetributionAssessed) -> dict[str, Any]:
    told = {name: value for name, value in vars(fact).items() if name != "debt"}
    debt = fact.debt
    charge = {
        "reference": reference(fact.application_id),
        "payer": {"sub": debt.payer_sub, "name": debt.payer_name, "address": debt.payer_address},
        "heads": [{"account_code": debt.account_code, "amount": fact.total}],
        "due_rule": debt.due_rule,
        "kecamatan_code": debt.kecamatan_code,
    }
    return {**told, "charge": charge}


def _not_usable(fact: facts.PaymentNotUsable) -> Event:
    told = {name: value for name, value in vars(fact).items() if name != "application_id"}
    return Event(PAYMENT_NOT_USABLE_V1, subject=fact.application_id, data={"reference": reference(fact.application_id), **told})


TELLS = {
    facts.ApplicationSubmitted: lambda fact: _application(APPLICATION_SUBMITTED_V1, fact),
    facts.ApplicationReturned: lambda fact: _application(APPLICATION_RETURNED_V1, fact),
    facts.ApplicationExamined: lambda fact: _application(APPLICATION_EXAMINED_V1, fact),
    facts.ApplicationApproved: lambda fact: _application(APPLICATION_APPROVED_V1, fact),
    facts.ApplicationRejected: lambda fact: _application(APPLICATION_REJECTED_V1, fact),
    facts.ApplicationWithdrawn: lambda fact: _application(APPLICATION_WITHDRAWN_V1, fact),
    facts.ApplicationReminded: lambda fact: _application(APPLICATION_REMINDED_V1, fact),
    facts.ApplicationLapsed: lambda fact: _application(APPLICATION_LAPSED_V1, fact),
    facts.RetributionAssessed: lambda fact: Event(RETRIBUTION_ASSESSED_V1, subject=fact.application_id, data=_assessed(fact)),
    facts.RetributionReassessed: lambda fact: Event(RETRIBUTION_REASSESSED_V1, subject=fact.application_id, data=_assessed(fact)),
    facts.ClockEscalated: lambda fact: Event(CLOCK_ESCALATED_V1, subject=fact.application_id, data=dict(vars(fact))),
    facts.InspectionConcluded: lambda fact: Event(INSPECTION_CONCLUDED_V1, subject=fact.inspection_id, data=dict(vars(fact))),
    facts.InspectionEscalated: lambda fact: Event(INSPECTION_ESCALATED_V1, subject=fact.inspection_id, data=dict(vars(fact))),
    facts.PaymentNotUsable: _not_usable,
    facts.PermitIssued: lambda fact: _permit(PERMIT_ISSUED_V1, fact),
    facts.PermitAmended: lambda fact: _permit(PERMIT_AMENDED_V1, fact),
    facts.PermitExpired: lambda fact: _permit(PERMIT_EXPIRED_V1, fact),
    facts.PermitRenewalDue: lambda fact: _permit(PERMIT_RENEWAL_DUE_V1, fact),
    facts.PermitWorksAsked: lambda fact: Event(PERMIT_WORKS_ASKED_V1, subject=fact.permit_id, data=dict(vars(fact))),
    facts.PermitRevoked: lambda fact: _permit(PERMIT_REVOKED_V1, fact),
    facts.PermitSuspended: lambda fact: _permit(PERMIT_SUSPENDED_V1, fact),
    facts.PermitSuspensionLifted: lambda fact: _permit(PERMIT_SUSPENSION_LIFTED_V1, fact),
}


def _ours(event: Heard) -> UUID | None:
    """The application a bill is for; `None` for another service's."""
    named = event.data["reference"]
    return UUID(named["id"]) if (named["service"], named["kind"]) == (SERVICE, KIND) else None


def on_bill_issued(session: Session, event: Heard, now: datetime) -> None:
    """Show the applicant where and until when the retribution can be paid."""
    application_id, told = _ours(event), event.data
    if application_id is not None:
        bill = IssuedBill(
            UUID(told["bill_id"]), told["bill_no"], told["total"], date.fromisoformat(told["due_on"]),
            datetime.fromisoformat(told["issued_at"]), told.get("virtual_account_no"), told.get("qris_payload"),
        )  # fmt: skip
        payments.show_bill(session, application_id, bill, now)


def on_bill_cancelled(session: Session, event: Heard, now: datetime) -> None:
    """A bill no longer asks for payment; one that replaces it comes by itself."""
    application_id, told = _ours(event), event.data
    if application_id is not None:
        payments.hide_bill(session, application_id, UUID(told["bill_id"]), datetime.fromisoformat(told["cancelled_at"]))


def on_bill_overdue(session: Session, event: Heard, now: datetime) -> None:
    """The applicant sees that the bill was not paid in time."""
    application_id, told = _ours(event), event.data
    if application_id is not None:
        payments.mark_overdue(session, application_id, UUID(told["bill_id"]))


def on_bill_paid(session: Session, event: Heard, now: datetime) -> None:
    """A paid retribution unlocks the permit."""
    application_id, told = _ours(event), event.data
    if application_id is not None:
        payment = Payment(
            UUID(told["bill_id"]), told["bill_no"], told["total"], told["paid_total"], told["reference_paid_total"],
            datetime.fromisoformat(told["paid_at"]), told["receipt_no"], event.time,
        )  # fmt: skip
        payments.unlock_permit(session, application_id, payment, now)


def on_complaint(session: Session, event: Heard, now: datetime) -> None:
    """A complaint about a building opens an inspection; afterwards the inspection says how its complaint stands."""
    told, standing = event.data, STANDS[event.type]
    word = ComplaintWord(
        UUID(told["complaint_id"]), told["complaint_no"], told["category"], told["kelurahan_code"], standing, event.sequence,
        datetime.fromisoformat(told["at"]), told.get("original_no"),
    )  # fmt: skip
    complaints_heard.hear(session, word, now, told["office"] if standing is ComplaintStanding.OPEN else None)


STANDS = {
    COMPLAINT_ROUTED_V1: ComplaintStanding.OPEN,
    COMPLAINT_REOPENED_V1: ComplaintStanding.OPEN,
    COMPLAINT_CLOSED_V1: ComplaintStanding.CLOSED,
    COMPLAINT_WITHDRAWN_V1: ComplaintStanding.WITHDRAWN,
    COMPLAINT_ARCHIVED_V1: ComplaintStanding.ARCHIVED,
    COMPLAINT_DUPLICATE_LINKED_V1: ComplaintStanding.DUPLICATE,
}
HEARS = {
    BILL_ISSUED_V1: on_bill_issued,
    BILL_CANCELLED_V1: on_bill_cancelled,
    BILL_OVERDUE_V1: on_bill_overdue,
    BILL_PAID_V1: on_bill_paid,
    **dict.fromkeys(STANDS, on_complaint),
}
