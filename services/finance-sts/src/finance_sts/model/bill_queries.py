"""Which bill is meant, and how it is locked."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from finance_sts.model.bill import DEMAND, NOBODY, Bill, BillStatus
from finance_sts.model.charge import Charge, lock_charge
from smartcity.errors import NotFound

Which = sa.ColumnElement[bool]
"""What is true of the one bill that is meant."""


def of_account(virtual_account_no: str) -> Which:
    """That of a virtual account, padded or not."""
    return Bill.virtual_account_no == virtual_account_no.strip()


def of_label(label: str) -> Which:
    """That which a QRIS code calls by its number or by its virtual account."""
    return sa.or_(Bill.number == label, Bill.virtual_account_no == label)


def the_bill(session: Session, which: Which) -> Bill:
    """The one that is meant; raises `NotFound`."""
    bill = session.scalar(sa.select(Bill).where(which))
    if bill is None:
        raise NotFound("virtual-account-unknown")
    return bill


def lock_bill(session: Session, which: Which) -> tuple[Charge, Bill]:
    """The one that is meant as it is now, and its charge: locked in the order in which all lock them, the charge first. Raises `NotFound`."""
    of_it = (Charge.service == Bill.ref_service) & (Charge.kind == Bill.ref_kind) & (Charge.reference_id == Bill.ref_id)
    charged = sa.select(Charge, Bill.id).join(Bill, of_it).where(which).with_for_update(of=Charge)
    found = session.execute(charged.execution_options(populate_existing=True)).first()
    charge, ident = found or _first_charge(session, the_bill(session, which))
    bill = sa.select(Bill).options(joinedload(Bill.heads)).where(Bill.id == ident).with_for_update(of=Bill)
    return charge, session.scalars(bill.execution_options(populate_existing=True)).unique().one()


def _first_charge(session: Session, bill: Bill) -> tuple[Charge, object]:
    return lock_charge(session, bill.reference), bill.id


def bills_of(charge: Charge) -> sa.Select[Bill]:
    """Every bill that there ever was for the charge."""
    return sa.select(Bill).where(Bill.ref_service == charge.service, Bill.ref_kind == charge.kind, Bill.ref_id == charge.reference_id)


def interest_of(charge: Charge) -> sa.Select[Bill, Charge]:
    """The late bills of the charge that wait for no money any more, each with what was claimed as its interest, locked."""
    claimed = sa.tuple_(Charge.service, Charge.kind, Charge.reference_id) == sa.tuple_(*map(sa.literal, DEMAND), Bill.id)
    ended = Bill.status.in_((BillStatus.PAID, BillStatus.CANCELLED))
    found = bills_of(charge).add_columns(Charge).join(Charge, claimed).where(ended).order_by(Bill.id)
    return found.with_for_update(of=Charge).execution_options(populate_existing=True)


def open_of(session: Session, charge: Charge) -> Bill | None:
    """The bill of this charge that still waits for money; the charge is locked."""
    query = bills_of(charge).where(Bill.status.in_((BillStatus.ISSUED, BillStatus.PART_PAID)))
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def debts_of(owner_sub: str, office: str) -> sa.Select[Bill]:
    """What somebody still owes to an office and may be collected; the oldest first by `id`."""
    mine = (Bill.owner_sub == owner_sub, Bill.owner_sub != NOBODY, Bill.office == office)
    return sa.select(Bill).where(*mine, Bill.status.in_((BillStatus.ISSUED, BillStatus.PART_PAID)), Bill.barred_at.is_(None))


def register(series: str) -> sa.Select[Bill]:
    """Every bill that ever had a number of the series: to be read by `serial`."""
    return sa.select(Bill).where(Bill.series == series)
