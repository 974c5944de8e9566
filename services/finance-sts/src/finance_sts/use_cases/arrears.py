"""What is still owed, by its age: how many days after its due date, in the classes of `data/arrears_ages.yaml`."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import OPEN, Bill
from finance_sts.use_cases import tables

COLUMNS = ("office", "age", "bills", "outstanding")


def asked(today: date, office: str | None) -> sa.Select[*tuple[Any, ...]]:
    """(office, class, number of bills, whole rupiah still owed); the index of the open bills carries it."""
    late = sa.literal(today, sa.Date) - Bill.due_on
    age = sa.case(
        *((late <= one.to, index) for index, one in enumerate(tables.arrears_ages(today)) if one.to is not None), else_=_last(today)
    )
    query = sa.select(Bill.office, age, sa.func.count(), sa.func.sum(Bill.total - Bill.paid_total)).where(sa.text(OPEN))
    query = query if office is None else query.where(Bill.office == office)
    return query.group_by(Bill.office, age).order_by(Bill.office, age)


def _last(today: date) -> int:
    return len(tables.arrears_ages(today)) - 1


def by_age(session: Session, today: date, office: str | None) -> list[dict[str, Any]]:
    """`COLUMNS` for every office and class that has open bills, as they stand now."""
    ages = tables.arrears_ages(today)
    found = session.execute(asked(today, office))
    return [{"office": at, "age": ages[index].code, "bills": bills, "outstanding": int(owed)} for at, index, bills, owed in found]
