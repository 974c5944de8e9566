"""`days/{date}`: the cash day of an office, and its closing."""

from typing import Any

from finance_sts.use_cases import cash_days as use_cases
from finance_sts.use_cases.cash_in_hand import in_hand
from finance_sts.use_cases.listings import office_seen, one_office
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, session

days = Blueprint("days", description="What a day received and deposited, to the rupiah.")


class DayQuery(Schema):
    office = fields.Code(metadata={"description": "Asked of whoever oversees all offices"})


class ChannelView(Schema):
    channel = fields.String()
    amount = fields.Rupiah()


class DayAccountView(Schema):
    account_code = fields.String()
    amount = fields.Rupiah()


class StrayBankView(Schema):
    """Payments at a bank at which the office has no receiving account."""

    bank = fields.String()
    payments = fields.Whole()
    amount = fields.Rupiah()


class DayView(Schema):
    office = fields.String()
    day = fields.Day()
    received = fields.Rupiah()
    gathered = fields.Rupiah()
    deposited = fields.Rupiah()
    validated = fields.Rupiah()
    balance = fields.Rupiah(metadata={"description": "Still in the treasurer's hand"})
    channels = fields.List(fields.Nested(ChannelView))
    accounts = fields.List(fields.Nested(DayAccountView))
    stray_banks = fields.List(
        fields.Nested(StrayBankView),
        metadata={"description": "Where the office has no receiving account: the day is not reconciled until it is in the table"},
    )
    closed = fields.Boolean()
    closed_at = fields.Moment(allow_none=True)


class InHandView(Schema):
    office = fields.String()
    day = fields.Day()
    amount = fields.Rupiah()
    deposit_by = fields.Day()
    late = fields.Boolean()


class InHandListView(Schema):
    items = fields.List(fields.Nested(InHandView))


@days.get("/days")
@days.arguments(DayQuery, location="query")
@days.response(200, InHandListView)
def list_cash_in_hand(query: dict[str, Any]) -> dict[str, Any]:
    """What is still in treasurers' hands, by office and day: of my office, or of all for the treasury."""
    return {"items": in_hand(session(), office_seen(actor(), query.get("office")), now())}


@days.get("/days/<string:day>")
@days.arguments(DayQuery, location="query")
@days.response(200, DayView)
def show_day(query: dict[str, Any], day: str) -> dict[str, Any]:
    """What the day has received and deposited, to the rupiah."""
    return use_cases.position(session(), one_office(actor(), query.get("office")), use_cases.day_named(day))


@days.post("/days/<string:day>/closing")
@idempotent
@days.response(200, DayView)
def close_day(day: str) -> dict[str, Any]:
    """Close the day: nothing is left in hand, and nothing of it changes any more."""
    return use_cases.close_day(session(), str(actor().office), use_cases.day_named(day), actor(), now())
