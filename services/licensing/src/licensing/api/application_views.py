"""How an application looks outside."""

from marshmallow.fields import Function

from licensing.api.retribution_estimates import CalculationView
from licensing.model.step_clock import StepClock
from smartcity.http import Schema, fields
from smartcity.http.languages import language
from smartcity.http.problems import messages


class BillView(Schema):
    bill_id = fields.UUID()
    bill_no = fields.String()
    total = fields.Rupiah()
    due_on = fields.Day(allow_none=True)
    issued_at = fields.Moment(allow_none=True)
    virtual_account_no = fields.String(allow_none=True)
    qris_payload = fields.String(allow_none=True)
    paid_total = fields.Rupiah()
    paid_at = fields.Moment(allow_none=True)
    receipt_no = fields.String(allow_none=True)
    overdue = fields.Boolean(metadata={"description": "Not paid by its due date, as the treasury has told"})


class AssessmentView(Schema):
    id = fields.UUID()
    position = fields.Whole()
    rule_set = fields.String()
    total = fields.Rupiah()
    assessed_on = fields.Day()
    assessed_at = fields.Moment()
    reason = fields.String(allow_none=True)
    calculation = fields.Nested(CalculationView)


class ExaminationView(Schema):
    round = fields.Whole()
    result = fields.String()
    minutes = fields.String()
    examined_at = fields.Moment()


class FindingView(Schema):
    """`raised_in` and `resolved_in` are rounds; 0: carried over from the application that this one continues."""

    number = fields.Whole()
    code = fields.String()
    sentence = fields.String()
    concerns = fields.String()
    raised_in = fields.Whole()
    resolved_in = fields.Whole(allow_none=True)


class HistoryView(Schema):
    status = fields.String()
    at = fields.Moment()
    person_sub = fields.String(allow_none=True, metadata={"description": "Who acted for the company that applies"})
    reason_code = fields.String(allow_none=True)
    reasons = fields.List(fields.String())


class DocumentView(Schema):
    id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    uploaded_at = fields.Moment()
    expires_on = fields.Day(allow_none=True)


def _why(clock: StepClock) -> str:
    """The days, their rule, and what an outage added."""
    codes = ["working" if clock.working else "calendar", *(["lost"] if clock.lost else [])]
    return "; ".join(messages().label(f"clock.reason.{code}", language()).format_map(vars(clock)) for code in codes)


class ClockView(Schema):
    """By when the office must act, and by which rule; `null` while it is the applicant's turn."""

    step = fields.String(attribute="step.value")
    role = fields.String()
    days = fields.Integer()
    working = fields.Boolean(metadata={"description": "Working days; otherwise days of the calendar"})
    used = fields.Integer(metadata={"description": "Days used before it last stood still"})
    due_on = fields.Day()
    lost = fields.Integer(metadata={"description": "Minutes added because the suite itself was down"})
    reason = Function(_why, metadata={"type": "string", "description": "Why by then, in the reader's language"})
    legal_basis = fields.String()
    escalated = fields.Integer(metadata={"description": "Told at 50, 100 and 150 % of the time"})


class ApplicationLineView(Schema):
    """A line of a list: no name, no address."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    permit_type = fields.String()
    office = fields.String()
    status = fields.String()
    status_since = fields.Moment()
    kelurahan_code = fields.String()
    submitted_at = fields.Moment(allow_none=True)
    retribution = fields.Rupiah(allow_none=True)
    permit_id = fields.UUID(allow_none=True)


class PermitStandingView(Schema):
    id = fields.UUID()
    number = fields.String()
    status = fields.String()
    valid_until = fields.Day(allow_none=True)


class ApplicationProgressView(ApplicationLineView):
    """A line that says where it stands: by when the office must act, and the permit that came of it."""

    clock = fields.Nested(ClockView, attribute="running_clock", allow_none=True)
    permit = fields.Nested(PermitStandingView, allow_none=True)


class SummaryView(Schema):
    """By state; a state in which there is none is left out."""

    applications = fields.Dict(keys=fields.String(), values=fields.Integer())
    permits = fields.Dict(keys=fields.String(), values=fields.Integer())


class ApplicationStandingView(ApplicationLineView):
    """What came of a step: no name, no address."""

    paid_total = fields.Rupiah()
    assessment = fields.Nested(AssessmentView, attribute="assessment_in_force", allow_none=True)
    bill = fields.Nested(BillView, attribute="newest_bill", allow_none=True)


class SuccessionView(Schema):
    kind = fields.String(metadata={"description": "`amendment` or `renewal`"})
    permit_id = fields.UUID(metadata={"description": "The permit to be amended or renewed"})


class ApplicationView(ApplicationStandingView):
    """Everything, for the applicant and the office."""

    succession = fields.Nested(
        SuccessionView, allow_none=True, metadata={"description": "Of which permit it asks for the next; null: it asks for a first one"}
    )
    applicant_name = fields.String()
    applicant_address = fields.String()
    site_address = fields.String()
    answers = fields.Dict()
    nib = fields.String(allow_none=True)
    position = fields.Dict(allow_none=True, metadata={"description": "`lat`, `lon` of the site (WGS 84)"})
    clock = fields.Nested(ClockView, attribute="running_clock", allow_none=True)
    lapses_on = fields.Day(
        allow_none=True, metadata={"description": "The last day on which the applicant must act, while it is their turn"}
    )
    created_at = fields.Moment()
    documents = fields.List(fields.Nested(DocumentView))
    examinations = fields.List(fields.Nested(ExaminationView))
    findings = fields.List(fields.Nested(FindingView))
    re_registration_recommended = fields.Boolean(metadata={"description": "A new application may name this one in `continues_id`"})
    continues_id = fields.UUID(allow_none=True)
    earlier_examinations = fields.List(fields.Nested(ExaminationView), metadata={"description": "Of the application it continues"})
    assessments = fields.List(fields.Nested(AssessmentView))
    bills = fields.List(fields.Nested(BillView))
    history = fields.List(fields.Nested(HistoryView))
