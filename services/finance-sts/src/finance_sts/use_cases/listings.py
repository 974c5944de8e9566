"""What a caller may see in lists: a citizen their own, staff their office's, an auditor all."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.instalments import InstalmentAgreement
from finance_sts.model.objection import Objection
from finance_sts.model.waiver import Waiver
from finance_sts.use_cases.payer_requests import agreement_line, waiver_line
from finance_sts.use_cases.tables import reasons
from smartcity.calendar import end_of_day
from smartcity.errors import Forbidden, InputWrong
from smartcity.http import Actor
from smartcity.http.kernel_api import CaseLine, Withdrawal

SHOWN_CASES = 50
TREASURY = "BKAD"


def sees_all(actor: Actor) -> bool:
    """Does the actor oversee every office: the auditor, the head of treasury?"""
    return actor.has("auditor") or (actor.has("head") and actor.office == TREASURY)


def office_seen(actor: Actor, asked: str | None) -> str | None:
    """The office whose figures the actor sees, `None` for all: their own, or what whoever oversees all offices asks. Raises `Forbidden`."""
    if sees_all(actor):
        return asked
    if asked not in (None, actor.office):
        raise Forbidden()
    return actor.office or ""


def visible(kind: Any, actor: Actor, status: Any = None) -> sa.Select[Any]:
    """Rows of `kind` (with `office`, and `owner_sub` where somebody owns them) this actor may list; in one state when named."""
    query = sa.select(kind) if status is None else sa.select(kind).where(kind.status == status)
    if sees_all(actor):
        return query
    if _of_office(actor):
        return query.where(kind.office == actor.office)
    return query.where(kind.owner_sub == actor.sub if hasattr(kind, "owner_sub") else sa.false())


def listed(kind: Any, actor: Actor, status: Any = None) -> list[sa.Select[Any]]:
    """As `visible`, with what the companies own that the actor acts for: a query for each owner, to be read as one page."""
    if sees_all(actor) or _of_office(actor):
        return [visible(kind, actor, status)]
    return [visible(kind, replace(actor, sub=sub), status) for sub in actor.subs]


def _of_office(actor: Actor) -> bool:
    return bool(actor.office and actor.roles & {"treasurer", "cashbook-closer", "officer", "head"})


def one_office(actor: Actor, asked: str | None) -> str:
    """The one office that is looked at: as `office_seen`, but who oversees all names it. Raises `Forbidden`, `InputWrong`."""
    office = office_seen(actor, asked)
    if not office:
        raise InputWrong({"office": ["required"]})
    return office


def my_cases(session: Session, sub: str) -> list[CaseLine]:
    """This office's part of `me/cases`: a person's newest bills, and what they have asked for them."""
    return [
        *(_bill_line(bill) for bill in _newest(session, Bill, sub)),
        *(_objection_line(one) for one in _newest(session, Objection, sub)),
        *(waiver_line(one) for one in _newest(session, Waiver, sub)),
        *(agreement_line(session, one) for one in _newest(session, InstalmentAgreement, sub)),
    ]


def _newest(session: Session, kind: Any, sub: str) -> Any:
    return session.scalars(sa.select(kind).where(kind.owner_sub == sub).order_by(kind.id.desc()).limit(SHOWN_CASES))


def _bill_line(bill: Bill) -> CaseLine:
    return CaseLine(
        kind="bill", id=str(bill.id), number=bill.number, status=bill.status.value, label_code=f"bill.status.{bill.status}",
        updated_at=bill.updated_at, deadline=end_of_day(bill.due_on) if bill.is_open else None, path=f"/v1/bills/{bill.id}",
    )  # fmt: skip


def _objection_line(objection: Objection) -> CaseLine:
    return CaseLine(
        kind="objection", id=str(objection.id), number=objection.decision_no, status=objection.status.value,
        label_code=f"objection.status.{objection.status}", updated_at=objection.decided_at or objection.withdrawn_at or objection.filed_at,
        deadline=end_of_day(objection.decide_by) if objection.is_filed else None, path=f"/v1/bills/objections/{objection.id}",
        withdrawal=Withdrawal(f"/v1/bills/objections/{objection.id}/withdrawal", reasons("objection_withdrawn")) if objection.is_filed else None,
    )  # fmt: skip
