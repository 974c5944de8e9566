"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.instalments import InstalmentAgreement
from finance_sts.model.objection import Objection
from finance_sts.model.payment import Payment
from finance_sts.model.refund import Refund
from finance_sts.model.waiver import Waiver
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    bills, payments = (rows(session, kind.owner_sub, sub, "heads") for kind in (Bill, Payment))
    return {
        "bills": bills,
        "payments": payments,
        "refunds": rows(session, Refund.owner_sub, sub),
        "objections": rows(session, Objection.owner_sub, sub),
        "reliefs": rows(session, Waiver.owner_sub, sub),
        "instalment_agreements": rows(session, InstalmentAgreement.owner_sub, sub, "parts"),
    }
