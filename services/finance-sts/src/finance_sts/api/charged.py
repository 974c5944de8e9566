"""The bill of a request, or what is asked for it, with its charge."""

from typing import TypeVar
from uuid import UUID

from finance_sts.model.bill import Bill
from finance_sts.model.charge import lock_charge
from finance_sts.model.instalments import InstalmentAgreement
from finance_sts.model.objection import Objection
from smartcity.http import case, session
from smartcity.storage import get

Asked = TypeVar("Asked", Objection, InstalmentAgreement)


def charged(bill_id: UUID) -> Bill:
    """The bill as `case` gives it; its charge is locked before it, in the order in which payments lock them."""
    lock_charge(session(), get(session(), Bill, bill_id).reference)
    return case(Bill, bill_id)


def charged_with(kind: type[Asked], ident: UUID) -> Asked:
    """What is asked for a bill, as `case` gives it; the charge of its bill is locked before it."""
    lock_charge(session(), get(session(), Bill, get(session(), kind, ident).bill_id).reference)
    return case(kind, ident)
