"""The bill of a request, or what is asked for it, with its charge."""

from uuid import UUID

from finance_sts.model.bill import Bill
from finance_sts.model.charge import lock_charge
from finance_sts.model.instalments import InstalmentAgreement
from finance_sts.model.objection import Objection
from smartcity.http import case, session
from smartcity.storage import get


def charged(bill_id: UUID) -> Bill:
    """The bill as `case` gives it; its charge is locked before it, in the order in which payments lock them."""
    bill = get(session(), Bill, bill_id)
    lock_charge(session(), bill.reference)
    return case(Bill, bill_id)


def charged_objection(objection_id: UUID) -> Objection:
    """The objection as `case` gives it; the charge of its bill is locked before it."""
    bill = get(session(), Bill, get(session(), Objection, objection_id).bill_id)
    lock_charge(session(), bill.reference)
    return case(Objection, objection_id)


def charged_agreement(agreement_id: UUID) -> InstalmentAgreement:
    """The agreement as `case` gives it; the charge of its bill is locked before it."""
    bill = get(session(), Bill, get(session(), InstalmentAgreement, agreement_id).bill_id)
    lock_charge(session(), bill.reference)
    return case(InstalmentAgreement, agreement_id)
