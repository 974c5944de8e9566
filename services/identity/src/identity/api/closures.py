"""`accounts/closures`: somebody else's account is closed, so that its NIK can have one of its own person."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from identity.api.outside import caller_address, moment
from identity.api.registrations import EmailField
from identity.model.account import Account
from identity.model.account_closure import AccountClosure, ClosureReason, ClosureStatus, waiting
from identity.use_cases import closures as use_cases
from identity.use_cases.origin import Origin
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, page, permitted, session, shown
from smartcity.http.languages import language

closures = Blueprint("closures", description="Closing somebody else's account, by two people of the office.")
QUEUE = "/work-queues/identity/closures"


class ClosureRequest(Schema):
    nik = fields.Nik(required=True, metadata={"description": "Of the KTP that was shown"})
    reason = fields.Enum(ClosureReason, by_value=True, required=True)
    email = EmailField(
        metadata={"description": "Of who showed it: they are written to, and for 30 days the NIK opens an account by this address alone"}
    )


class ClosureDecisionRequest(Schema):
    outcome = fields.String(required=True, validate=validate.OneOf([ClosureStatus.CLOSED, ClosureStatus.REFUSED]))


class ClosureView(Schema):
    id = fields.UUID()
    reason = fields.String()
    status = fields.String()
    asked_at = fields.Moment()
    decided_at = fields.Moment(allow_none=True)


class FullClosureView(ClosureView):
    login = fields.String(metadata={"description": "Of the account"})
    display_name = fields.String(metadata={"description": "To be compared with the KTP"})
    opened_at = fields.Moment()


@closures.post("/accounts/closures")
@idempotent
@closures.arguments(ClosureRequest)
@closures.response(201, FullClosureView)
def ask_for_closure(request: dict[str, Any]) -> dict[str, Any]:
    """Ask that the account of a NIK is closed, for whoever has shown the KTP. Another administrator decides."""
    account = permitted(use_cases.account_of_nik(session(), request["nik"]))
    return _full(shown(use_cases.ask(session(), actor(), account, request, moment())), account)


@closures.get(QUEUE)
@closures.paged(ClosureView)
def list_closures() -> dict[str, Any]:
    """What waits for a second administrator, the oldest first."""
    return page(waiting(), AccountClosure.asked_at, AccountClosure.id)


@closures.get(f"{QUEUE}/<uuid:closure_id>")
@closures.response(200, FullClosureView)
def show_closure(closure_id: UUID) -> dict[str, Any]:
    """One of them, with the account it is about."""
    found = case(AccountClosure, closure_id)
    return _full(found, use_cases.looked_at(session(), actor(), found))


@closures.post(f"{QUEUE}/<uuid:closure_id>/decision")
@closures.arguments(ClosureDecisionRequest)
@closures.response(200, FullClosureView)
def decide_closure(request: dict[str, Any], closure_id: UUID) -> dict[str, Any]:
    """Close the account, or refuse to. Closed, it is signed in nowhere and opened by nothing, and its holder is told."""
    found, origin = case(AccountClosure, closure_id), Origin(caller_address(), language())
    return _full(found, use_cases.decide(session(), actor(), found, ClosureStatus(request["outcome"]), origin, moment()))


def _full(closure: AccountClosure, account: Account) -> dict[str, Any]:
    said = {name: getattr(closure, name) for name in ("id", "reason", "status", "asked_at", "decided_at")}
    return {**said, "login": account.login, "display_name": account.display_name, "opened_at": account.made_at}
