"""The office corrects a permit: what was written wrongly is written anew, on a paper of its own number."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_measure import MeasureKind, MeasureStatus
from licensing.model.permit_status import Succession
from licensing.use_cases.numbers import permit_number
from licensing.use_cases.permit_measures import Notice, measure_of
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.permits import hold
from smartcity import documents
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.regions import kelurahan
from smartcity.storage import uuid7

KEPT = (
    "permit_type", "application_id", "application_no", "office", "owner_sub", "holder_name", "holder_address", "site_address",
    "kelurahan_code", "building", "legal_basis", "retribution_total", "receipt_no", "latitude", "longitude", "cell",
    "processing_days", "within_clock",
)  # fmt: skip


def correct(session: Session, permit: Permit, actor: Actor, notice: Notice, changes: dict[str, Any], now: datetime) -> Permit:
    """A permit in the place of this one, with other particulars; answers the new one.

    Raises `InputWrong` where nothing changes or the place is outside Medan, `RuleBroken` for a permit that does not stand.
    """
    permit.must_be_amendable()
    kept = {name: getattr(permit, name) for name in KEPT}
    if {**kept, **changes} == kept:
        raise InputWrong({"changes": ["nothing-changes"]})
    if "kelurahan_code" in changes and kelurahan(changes["kelurahan_code"]) is None:
        raise InputWrong({"changes.kelurahan_code": ["region-outside-medan"]})
    measure = measure_of(permit, MeasureKind.CORRECTION, actor, notice, now)
    measure.end(MeasureStatus.CARRIED_OUT, actor.sub, now)
    permit.take(measure)
    permit_id, kind = uuid7(), permit_type(permit.permit_type)
    code = documents.promise(session, "permit", permit_id)
    number = permit_number(session, kind.code, permit.office, now)
    corrected = Permit(id=permit_id, number=number, verify_code=code, issued_at=now, **{**kept, **changes})
    hold(session, corrected, kind, (permit, Succession.CORRECTION))
    return corrected
