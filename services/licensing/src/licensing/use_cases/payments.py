"""What comes of the treasury's word: bills are shown, a covered retribution unlocks the permit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from licensing.model.bill_notice import IssuedBill, Payment
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import lapses
from licensing.use_cases.permits import issue_if_ready
from smartcity.storage import get


def show_bill(session: Session, application_id: UUID, bill: IssuedBill, now: datetime) -> None:
    """Keep number, due date, virtual account and QRIS of a bill for the applicant."""
    get(session, PermitApplication, application_id, lock=True).hear_bill(bill, now)


def hide_bill(session: Session, application_id: UUID, bill_id: UUID, at: datetime) -> None:
    """Offer a cancelled bill no longer for payment."""
    get(session, PermitApplication, application_id, lock=True).hear_cancelled(bill_id, at)


def mark_overdue(session: Session, application_id: UUID, bill_id: UUID) -> None:
    """Show the applicant that the last day to pay in time has passed."""
    get(session, PermitApplication, application_id, lock=True).hear_overdue(bill_id)


def unlock_permit(session: Session, application_id: UUID, payment: Payment, now: datetime) -> None:
    """Issue the permit once what was paid covers the assessment in force. Raises `NotYet` before any assessment."""
    application = get(session, PermitApplication, application_id, lock=True)
    application.settle(payment, now)
    issue_if_ready(session, application, now)
    lapses.watch(application, now)
