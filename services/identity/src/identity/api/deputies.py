"""`accounts/{id}/deputies`: who acts for an officer, and on which days."""

from typing import Any
from uuid import UUID

from identity.model.account import Account
from identity.model.deputyship import Deputyship, of_account
from identity.use_cases import deputies as use_cases
from smartcity.http import Blueprint, Schema, actor, fields, now, page, permitted, session, shown
from smartcity.storage import get

deputies = Blueprint("deputies", description="Who acts for an officer, and on which days.")


class DeputyRequest(Schema):
    login = fields.Text(
        min=1, max=80, required=True, metadata={"description": "Of a colleague in the same office", "example": "kadis-dpmptsp"}
    )
    from_on = fields.Day(required=True, metadata={"description": "The first day, in Medan"})
    until_on = fields.Day(required=True, metadata={"description": "The last day, in Medan"})


class DeputyView(Schema):
    id = fields.UUID()
    account_id = fields.UUID(metadata={"description": "For whom"})
    deputy_id = fields.UUID(metadata={"description": "Who acts"})
    from_on = fields.Day()
    until_on = fields.Day()
    named_by = fields.String()
    named_at = fields.Moment()
    ended_by = fields.String(allow_none=True)
    ended_at = fields.Moment(allow_none=True)


@deputies.post("/accounts/<uuid:account_id>/deputies")
@deputies.arguments(DeputyRequest)
@deputies.response(201, DeputyView)
def name_deputy(request: dict[str, Any], account_id: UUID) -> Deputyship:
    """Name a colleague as deputy for some days: their tokens then carry the account's roles and say for whom."""
    return shown(use_cases.name(session(), _account(account_id, lock=True), actor(), request, now()))


@deputies.get("/accounts/<uuid:account_id>/deputies")
@deputies.paged(DeputyView)
def list_deputies(account_id: UUID) -> dict[str, Any]:
    """Every deputy the account ever had or will have, the latest first."""
    account = _account(account_id)
    use_cases.looked_at(session(), actor(), account)
    return page(of_account(account.id), Deputyship.from_on.desc(), Deputyship.id.desc())


@deputies.post("/accounts/<uuid:account_id>/deputies/<uuid:deputy_id>/revocation")
@deputies.response(200, DeputyView)
def end_deputy(account_id: UUID, deputy_id: UUID) -> Deputyship:
    """End a deputyship before its last day."""
    return shown(use_cases.end(session(), _account(account_id, lock=True), actor(), deputy_id, now()))


def _account(account_id: UUID, *, lock: bool = False) -> Account:
    return permitted(get(session(), Account, account_id, lock=lock))
