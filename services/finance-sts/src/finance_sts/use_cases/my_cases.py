"""This office's part of `me/cases`: a person's bills, what they have asked for them, and what is due back to them."""

from functools import partial
from typing import Any

import sqlalchemy as sa

from finance_sts.model.bill import Bill
from finance_sts.model.instalments import InstalmentAgreement
from finance_sts.model.objection import Objection
from finance_sts.model.refund import Refund, RefundStatus
from finance_sts.model.waiver import Waiver
from finance_sts.use_cases.payer_requests import agreement_line, waiver_line
from finance_sts.use_cases.tables import reasons
from smartcity.calendar import end_of_day
from smartcity.http.kernel_api import CaseLine, Cases, Withdrawal


def _mine(kind: Any, sub: str) -> sa.Select[Any]:
    return sa.select(kind).where(kind.owner_sub == sub)


def _agreements(sub: str) -> sa.Select[InstalmentAgreement, Bill]:
    return _mine(InstalmentAgreement, sub).join(Bill, Bill.id == InstalmentAgreement.bill_id).add_columns(Bill)


def _bill_line(bill: Bill) -> CaseLine:
    return CaseLine(
        kind="bill", id=str(bill.id), number=bill.number, status=bill.status.value, label_code=f"bill.status.{bill.status}",
        updated_at=bill.updated_at, deadline=end_of_day(bill.due_on) if bill.is_open else None, path=f"/v1/bills/{bill.id}",
    )  # fmt: skip


def _objection_line(objection: Objection) -> CaseLine:
    path = f"/v1/bills/objections/{objection.id}"
    return CaseLine(
        kind="objection", id=str(objection.id), number=objection.decision_no, status=objection.status.value,
        label_code=f"objection.status.{objection.status}", updated_at=objection.decided_at or objection.withdrawn_at or objection.filed_at,
        deadline=end_of_day(objection.decide_by) if objection.is_filed else None, path=path,
        withdrawal=Withdrawal(f"{path}/withdrawal", reasons("objection_withdrawn")) if objection.is_filed else None,
    )  # fmt: skip


def _refund_line(refund: Refund) -> CaseLine:
    """What goes back to the payer: until when it is to be agreed to, then until when it is to be paid."""
    granted = refund.status is RefundStatus.REQUESTED and refund.deemed_at is not None
    return CaseLine(
        kind="refund", id=str(refund.id), number=refund.number, status=refund.status.value,
        label_code="refund.deemed_granted" if granted else f"refund.status.{refund.status}",
        updated_at=refund.paid_at or refund.approved_at or refund.deemed_at or refund.requested_at,
        deadline=None if refund.is_settled else end_of_day(refund.act_by), path=f"/v1/refunds/{refund.id}",
    )  # fmt: skip


MY_CASES = (
    Cases(partial(_mine, Bill), Bill.id, _bill_line),
    Cases(partial(_mine, Objection), Objection.id, _objection_line),
    Cases(partial(_mine, Waiver), Waiver.id, waiver_line),
    Cases(_agreements, InstalmentAgreement.id, agreement_line),
    Cases(partial(_mine, Refund), Refund.id, _refund_line),
)
