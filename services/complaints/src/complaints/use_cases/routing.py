"""Which office has what in hand: the coordinator's dated rules over the table that is shipped."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.routing_rule import RoutingRule
from complaints.use_cases.categories import category
from smartcity.calendar import day_of
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.offices import office as known_office
from smartcity.regions import kecamatan

KECAMATAN_LENGTH = len("12.71.01")


def lay_down(session: Session, actor: Actor, request: dict[str, Any], now: datetime) -> RoutingRule:
    """A new rule; the newest that fits holds. Raises `InputWrong`."""
    errors: dict[str, Any] = {}
    if known_office(request["office"]) is None:
        errors["office"] = ["office-unknown"]
    if request.get("kecamatan_code") and kecamatan(request["kecamatan_code"]) is None:
        errors["kecamatan_code"] = ["region-outside-medan"]
    if request.get("valid_to") and request["valid_to"] < request["valid_from"]:
        errors["valid_to"] = ["not-in-order"]
    category(request["category"])
    if errors:
        raise InputWrong(errors)
    rule = RoutingRule(made_by=actor.sub, made_at=now, **request)
    session.add(rule)
    return rule


def listed(code: str | None) -> sa.Select[RoutingRule]:
    """Every rule ever laid down, of one category or all."""
    query = sa.select(RoutingRule)
    return query.where(RoutingRule.category == code) if code else query


def office_in_charge(session: Session, code: str, kelurahan_code: str, now: datetime) -> str:
    """The office of the newest rule in force for this place, else for everywhere, else of the shipped table."""
    day, district = day_of(now), kelurahan_code[:KECAMATAN_LENGTH]
    query = sa.select(RoutingRule).where(
        RoutingRule.category == code, RoutingRule.valid_from <= day, sa.or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to >= day),
        sa.or_(RoutingRule.kecamatan_code.is_(None), RoutingRule.kecamatan_code == district),
    )  # fmt: skip
    rule = session.scalar(query.order_by(RoutingRule.kecamatan_code.is_(None), RoutingRule.id.desc()).limit(1))
    return rule.office if rule else category(code).office
