"""`reconciliations`: the cash days against the bank; a person explains what does not match."""

from typing import Any
from uuid import UUID

from finance_sts.model.reconciliation import Finding, FindingStep, Outcome, Reconciliation, ReconciliationStatus
from finance_sts.use_cases import reconciliations as use_cases
from finance_sts.use_cases.listings import visible
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

reconciliations = Blueprint("reconciliations", description="Cash days reconciled with the bank.")


class ReconciliationQuery(Schema):
    status = fields.Enum(ReconciliationStatus, by_value=True)
    day = fields.Day()


class FindingQuery(Schema):
    outcome = fields.Enum(Outcome, by_value=True)
    open = fields.Boolean(load_default=False, metadata={"description": "Only what waits for a person"})


class ResolutionRequest(Schema):
    finding = fields.Whole(min=1, required=True)
    reason_code = fields.Code(required=True)
    note = fields.Text(min=3, max=500, required=True)


class ReconciliationView(Schema):
    id = fields.UUID()
    office = fields.String()
    day = fields.Day()
    status = fields.String()
    reconciled_at = fields.Moment(allow_none=True)


class OutcomeView(Schema):
    outcome = fields.String()
    count = fields.Whole()
    open = fields.Whole()


class ReconciliationDetail(ReconciliationView):
    outcomes = fields.List(fields.Nested(OutcomeView))


class FindingView(Schema):
    """A bank's line beside what stands in the books; what is missing on a side is null."""

    id = fields.Whole()
    outcome = fields.String()
    open = fields.Boolean()
    statement_id = fields.UUID(attribute="line_of", allow_none=True)
    line = fields.Whole(allow_none=True)
    bank_amount = fields.Integer(allow_none=True)
    book_kind = fields.String(allow_none=True)
    book_id = fields.UUID(allow_none=True)
    book_amount = fields.Integer(allow_none=True)


class StepView(Schema):
    at = fields.Moment()
    who = fields.String()
    was = fields.String()
    reason_code = fields.String()
    note = fields.String()


@reconciliations.get("/reconciliations")
@reconciliations.arguments(ReconciliationQuery, location="query")
@reconciliations.paged(ReconciliationView)
def list_reconciliations(query: dict[str, Any]) -> dict[str, Any]:
    """The days of my office, or of all for the treasury; newest first."""
    found = visible(Reconciliation, actor(), query.get("status"))
    return page(found if "day" not in query else found.where(Reconciliation.day == query["day"]), Reconciliation.id.desc())


@reconciliations.get("/reconciliations/<uuid:reconciliation_id>")
@reconciliations.response(200, ReconciliationDetail)
def show_reconciliation(reconciliation_id: UUID) -> dict[str, Any]:
    """One day, with how many findings of each outcome."""
    return use_cases.counted(session(), case(Reconciliation, reconciliation_id))


@reconciliations.get("/reconciliations/<uuid:reconciliation_id>/findings")
@reconciliations.arguments(FindingQuery, location="query")
@reconciliations.paged(FindingView)
def list_findings(query: dict[str, Any], reconciliation_id: UUID) -> dict[str, Any]:
    """What comparing the day with the bank has shown."""
    return page(use_cases.findings(case(Reconciliation, reconciliation_id), query.get("outcome"), query["open"]), Finding.id)


@reconciliations.get("/reconciliations/<uuid:reconciliation_id>/findings/<int:finding_id>/steps")
@reconciliations.paged(StepView)
def list_finding_steps(reconciliation_id: UUID, finding_id: int) -> dict[str, Any]:
    """What was done about a finding, by whom and why."""
    return page(use_cases.steps(case(Reconciliation, reconciliation_id), finding_id), FindingStep.id)


@reconciliations.post("/reconciliations/<uuid:reconciliation_id>/resolution")
@reconciliations.arguments(ResolutionRequest)
@reconciliations.response(200, ReconciliationDetail)
def resolve_finding(request: dict[str, Any], reconciliation_id: UUID) -> dict[str, Any]:
    """Say why bank and books differ."""
    reconciliation = case(Reconciliation, reconciliation_id)
    use_cases.resolve(session(), reconciliation, actor(), request, now())
    return use_cases.counted(session(), reconciliation)
