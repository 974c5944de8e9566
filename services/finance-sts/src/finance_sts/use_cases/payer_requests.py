"""What a payer asks for a bill (relief, exemption, instalments): until when it is answered, taken back, and ended with its bill."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.instalments import AgreementStatus, InstalmentAgreement
from finance_sts.model.waiver import Waiver
from finance_sts.use_cases import tables
from smartcity.calendar import day_of, end_of_day
from smartcity.http.kernel_api import CaseLine, Withdrawal

Asked = Waiver | InstalmentAgreement
_LAPSED = "SET status = 'lapsed', ended_at = :now, version = version + 1 WHERE bill_id = :bill_id AND status = 'requested'"
LAPSE = sa.text(f"WITH given_up AS (UPDATE waiver {_LAPSED}) UPDATE instalment_agreement {_LAPSED}")
"""One statement: every payment that covers its bill says it."""


def decide_by(now: datetime) -> date:
    """Until when the payer is answered who asks now."""
    today = day_of(now)
    return tables.request_rule(today).decide_by(today)


def withdraw(asked: Asked, reason_code: str, now: datetime) -> None:
    """Its payer takes it back before it is decided, and may ask anew; the bill stays as it is. Raises `InputWrong`,
    `instalments-decided`, `waiver-not-decidable`."""
    asked.withdraw(tables.must_be_reason("request_withdrawn", reason_code), now)


def lapse(session: Session, bill: Bill, now: datetime) -> None:
    """The bill waits for no money any more: nobody decides what was asked for it. Its successor may be asked for anew."""
    session.flush()  # what was just granted waits no longer
    session.execute(LAPSE, {"bill_id": bill.id, "now": now})


def waiver_line(waiver: Waiver) -> CaseLine:
    """A request for a relief or an exemption, as `me/cases` shows it."""
    path = f"/v1/bills/{waiver.bill_id}"
    return CaseLine(
        kind=waiver.kind.value, id=str(waiver.id), number=waiver.decision_no, status=waiver.status.value,
        label_code=f"waiver.status.{waiver.status}", updated_at=waiver.ended_at or waiver.decided_at or waiver.asked_at,
        deadline=_decided_by(waiver), path=f"{path}/waivers", withdrawal=_taken_back(waiver, f"{path}/reliefs/{waiver.id}"),
    )  # fmt: skip


def agreement_line(agreement: InstalmentAgreement, bill: Bill) -> CaseLine:
    """A request for instalments; agreed to, its deadline is the day of the part that is to be paid next."""
    path = f"/v1/bills/instalments/{agreement.id}"
    part = agreement.next_unpaid(bill) if agreement.status is AgreementStatus.IN_FORCE else None
    return CaseLine(
        kind="instalments", id=str(agreement.id), number=None, status=agreement.status.value,
        label_code=f"instalment_agreement.status.{agreement.status}",
        updated_at=agreement.ended_at or agreement.decided_at or agreement.asked_at,
        deadline=end_of_day(part.due_on) if part else _decided_by(agreement), path=path, withdrawal=_taken_back(agreement, path),
    )  # fmt: skip


def _decided_by(asked: Asked) -> datetime | None:
    return end_of_day(asked.decide_by) if asked.is_waiting and asked.decide_by else None


def _taken_back(asked: Asked, path: str) -> Withdrawal | None:
    return Withdrawal(f"{path}/withdrawal", tables.reasons("request_withdrawn")) if asked.is_waiting else None
