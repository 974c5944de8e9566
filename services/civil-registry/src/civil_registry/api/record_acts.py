"""`civil-records/{no}/corrections`, `/cancellation`, `/copies`: what is done about an entry that stands."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import validate

from civil_registry.api.birth_particulars import LONGEST_NAME, TIME
from civil_registry.api.purpose import PurposeQuery
from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import Sex
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.record_act import RecordAct
from civil_registry.use_cases import civil_records
from civil_registry.use_cases import record_acts as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, permitted, session, shown

acts = Blueprint(
    "record_acts", description="Corrections, cancellations and further extracts of an entry: proposed by one person, signed by another."
)


class CorrectedChild(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME)
    sex = fields.Enum(Sex, by_value=True)
    born_on = fields.Day()
    born_at = fields.String(validate=validate.Regexp(TIME, error="time-malformed"))
    birth_city = fields.Text(min=1, max=60)
    birth_country = fields.Text(min=1, max=60)
    order = fields.Whole(min=1, max=30)


class CorrectedParent(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME)
    nik = fields.Nik()
    born_on = fields.Day()


class CorrectedDeceased(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME)
    nik = fields.Nik()
    sex = fields.Enum(Sex, by_value=True)
    born_on = fields.Day()
    died_on = fields.Day()
    died_at = fields.String(validate=validate.Regexp(TIME, error="time-malformed"))
    death_city = fields.Text(min=1, max=60)


class CorrectedEntry(Schema):
    """Parts of an entry of a birth, or of a death."""

    child = fields.Nested(CorrectedChild)
    mother = fields.Nested(CorrectedParent)
    father = fields.Nested(CorrectedParent)
    deceased = fields.Nested(CorrectedDeceased)


class CorrectionRequest(Schema):
    changes = fields.Nested(CorrectedEntry, required=True, metadata={"description": "Only what was written wrongly, as it must read"})
    reason_code = fields.Code(required=True)
    note = fields.Text(min=1, max=500, required=True, metadata={"description": "The marginal note, as printed on the certificate"})


class CancellationForm(Schema):
    court = fields.Text(min=1, max=120, required=True)
    ruling_no = fields.Text(min=1, max=60, required=True, metadata={"example": "123/Pdt.P/2026/PN Mdn"})
    ruled_on = fields.Day(required=True)
    file = Upload(metadata={"description": "The final ruling: PDF, JPEG or PNG, at most 10 MB"})


class CopyRequest(Schema):
    reason_code = fields.Code(required=True, metadata={"description": "lost or damaged"})


class RefusalRequest(Schema):
    reasons = fields.List(fields.Text(min=1, max=500), required=True, validate=validate.Length(1, 20))


class ActLineView(Schema):
    """An act without what it says: nobody is named."""

    id = fields.UUID()
    record_no = fields.String()
    kind = fields.String(metadata={"description": "correction, cancellation or copy"})
    status = fields.String()
    reason_code = fields.String()
    proposed_at = fields.Moment()
    decided_at = fields.Moment(allow_none=True)


class WaitingActView(ActLineView):
    """A line of the queue."""


class ActView(ActLineView):
    content = fields.Dict(allow_none=True, metadata={"description": "What is proposed, as far as the caller may see it"})
    reasons = fields.List(fields.String(), metadata={"description": "Why it was refused"})


def _record(number: str) -> BirthRecord | DeathRecord:
    return permitted(civil_records.record_by_number(session(), number))


def _act(number: str, act_id: UUID) -> RecordAct:
    return use_cases.must_be_about(case(RecordAct, act_id), number)


@acts.post("/civil-records/<string:number>/corrections")
@idempotent
@acts.arguments(CorrectionRequest)
@acts.response(201, ActLineView)
def propose_correction(asked: dict[str, Any], number: str) -> RecordAct:
    """Propose a correction of errors of writing: another person signs it, then a new certificate is issued."""
    return shown(use_cases.correct(session(), actor(), _record(number), now(), asked))


@acts.post("/civil-records/<string:number>/cancellation")
@idempotent
@acts.arguments(CancellationForm, location="form", content_type="multipart/form-data")
@acts.response(201, ActLineView)
def propose_cancellation(form: dict[str, Any], number: str) -> RecordAct:
    """Propose that the entry be cancelled as a final court ruling says."""
    ruling = {**form, "file": request.files.get("file")}
    return shown(use_cases.cancel(session(), actor(), _record(number), now(), ruling))


@acts.post("/civil-records/<string:number>/copies")
@idempotent
@acts.arguments(CopyRequest)
@acts.response(201, ActLineView)
def ask_for_copy(asked: dict[str, Any], number: str) -> RecordAct:
    """Ask for a further extract in the place of a lost or damaged one."""
    return shown(use_cases.copy(session(), actor(), _record(number), now(), asked["reason_code"]))


@acts.get("/civil-records/<string:number>/acts")
@acts.paged(ActLineView)
def list_record_acts(number: str) -> dict[str, Any]:
    """What was done, or is proposed, about an entry; newest first, nobody named."""
    return page(use_cases.of_record(_record(number)), RecordAct.id.desc())


@acts.get("/civil-records/<string:number>/acts/<uuid:act_id>")
@acts.arguments(PurposeQuery, location="query")
@acts.response(200, ActView)
def show_record_act(query: dict[str, Any], number: str, act_id: UUID) -> dict[str, Any]:
    """One act with what it says; an official says why they look."""
    return use_cases.show(session(), actor(), _act(number, act_id), query.get("purpose"))


@acts.get("/civil-records/<string:number>/acts/<uuid:act_id>/paper")
@acts.arguments(PurposeQuery, location="query")
@acts.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_record_act_paper(query: dict[str, Any], number: str, act_id: UUID) -> Response:
    """The court's ruling on which a cancellation rests."""
    served = use_cases.paper(session(), actor(), _act(number, act_id), query.get("purpose"))
    return Response(served.body, headers=dict(served.headers))


@acts.post("/civil-records/<string:number>/acts/<uuid:act_id>/signature")
@acts.response(200, ActLineView)
def sign_record_act(number: str, act_id: UUID) -> RecordAct:
    """Sign: it is noted in the margin, and what was issued before holds no longer."""
    return use_cases.sign(session(), actor(), _act(number, act_id), now())


@acts.post("/civil-records/<string:number>/acts/<uuid:act_id>/refusal")
@acts.arguments(RefusalRequest)
@acts.response(200, ActLineView)
def refuse_record_act(asked: dict[str, Any], number: str, act_id: UUID) -> RecordAct:
    """Refuse to sign, saying why."""
    return use_cases.refuse(session(), actor(), _act(number, act_id), asked["reasons"], now())


@acts.get("/work-queues/civil-registry/acts")
@acts.paged(WaitingActView)
def list_waiting_acts() -> dict[str, Any]:
    """Acts that wait for a signature of my office, oldest first."""
    return page(use_cases.waiting(actor()), RecordAct.proposed_at, RecordAct.id)
