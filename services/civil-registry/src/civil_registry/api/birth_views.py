"""How a registration looks outside."""

from civil_registry.api.birth_particulars import Child
from smartcity.http import Schema, fields


class RegistrationLineView(Schema):
    """A line of a list: nobody is named."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    path = fields.String()
    circumstances = fields.List(fields.String())
    office = fields.String()
    kelurahan_code = fields.String()
    status = fields.String()
    status_since = fields.Moment()
    waits_for = fields.String(allow_none=True, metadata={"description": "The step of the office it waits for"})
    submitted_at = fields.Moment(allow_none=True)
    days_after_birth = fields.Whole(allow_none=True)
    late = fields.Boolean()
    late_decision = fields.String(allow_none=True)
    deadline = fields.Moment(allow_none=True, metadata={"description": "Until when the office promises the certificate"})
    legal_deadline = fields.Moment(allow_none=True, metadata={"description": "Until when the law allows"})
    record_no = fields.String(allow_none=True)
    certificate_id = fields.UUID(allow_none=True)


class RegistrationStandingView(RegistrationLineView):
    """What came of a step: nobody is named."""


class OpenedRegistrationView(RegistrationStandingView):
    """A just opened one; filed on behalf, with what the parent claims it by."""

    claim_code = fields.String(allow_none=True)


class HistoryView(Schema):
    status = fields.String()
    at = fields.Moment()
    step = fields.String(allow_none=True)
    reason_code = fields.String(allow_none=True)
    reasons = fields.List(fields.String())


class WarningView(Schema):
    field = fields.String()
    code = fields.String()


class DocumentView(Schema):
    id = fields.UUID()
    kind = fields.String()
    uploaded_at = fields.Moment()


class ShownPerson(Schema):
    name = fields.String()
    nik = fields.String(metadata={"description": "Masked for who need not see it: 127101******0001"})


class ShownParent(ShownPerson):
    nik = fields.String(allow_none=True)
    born_on = fields.Day(allow_none=True)


class ShownReporter(ShownPerson):
    relation = fields.String()


class ShownChild(Child):
    name = fields.Text(allow_none=True, metadata={"description": "None while only the hospital has told of the birth"})


class RegistrationView(RegistrationLineView):
    """Everything the caller may see; for an auditor the registration without the people."""

    child = fields.Nested(ShownChild)
    mother = fields.Nested(ShownParent, allow_none=True)
    father = fields.Nested(ShownParent, allow_none=True)
    reporter = fields.Nested(ShownReporter, allow_none=True)
    witnesses = fields.List(fields.Nested(ShownPerson))
    family_card_no = fields.String(allow_none=True)
    bundle = fields.List(fields.String(), metadata={"description": "Cards asked for along with the certificate"})
    on_behalf = fields.Boolean(metadata={"description": "Filed by somebody else for the parent: at the counter, or by a hospital"})
    claim_code = fields.String(allow_none=True, metadata={"description": "For the parent; shown to who filed it until it is claimed"})
    siblings = fields.List(fields.UUID(), metadata={"description": "Registrations of the other children of the same filing"})
    documents = fields.List(fields.Nested(DocumentView))
    missing = fields.List(fields.String(), metadata={"description": "Requirements of the path that no document meets yet"})
    warnings = fields.List(fields.Nested(WarningView))
    history = fields.List(fields.Nested(HistoryView))
