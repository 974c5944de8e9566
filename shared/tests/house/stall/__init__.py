"""A stall at the market: the smallest service, for the kernel's own tests. It lends the words of licensing's contracts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import request as web_request
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.errors import NotFound, RuleBroken
from smartcity.events.catalogue import contract
from smartcity.events.envelope import Event
from smartcity.http import Actor, Blueprint, Schema, actor, case, fields, idempotent, page, session, shown
from smartcity.http.kernel_api import CaseLine, Cases, Withdrawal
from smartcity.http.policy import allow, anyone
from smartcity.service import Service
from smartcity.storage import Aggregate, Encrypted, next_number

TOLD = "licensing.permit.issued.v1"


@dataclass(frozen=True)
class Sold:
    """The fact: a thing was sold."""

    thing_id: UUID
    number: str


class Thing(Aggregate):
    """What lies on the stall."""

    __tablename__ = "thing"

    owner_sub: Mapped[str]
    office: Mapped[str]
    name: Mapped[str] = mapped_column(Encrypted)
    price: Mapped[int]
    number: Mapped[str | None] = mapped_column(unique=True, default=None)

    def sell(self, number: str) -> None:
        """Once."""
        if self.number:
            raise RuleBroken("thing-sold", number=self.number)
        self.number = number
        self.note(Sold(self.id, number))


def thing(**more: Any) -> Thing:
    """One of siti's."""
    return Thing(**{"owner_sub": "siti", "office": "PASAR", "name": "durian", "price": 1, **more})


class ThingRequest(Schema):
    name = fields.Text(min=1, max=50, required=True)
    price = fields.Rupiah(required=True)


class ThingView(Schema):
    id = fields.UUID()
    name = fields.String()
    price = fields.Integer()
    number = fields.String(allow_none=True)


things = Blueprint("things")


@things.post("/things")
@idempotent
@things.arguments(ThingRequest)
@things.response(201, ThingView)
def lay_out(request: dict[str, Any]) -> Thing:
    thing = Thing(owner_sub=actor().sub, office="PASAR", **request)
    session().add(thing)
    return shown(thing)


@things.post("/found-things")
@idempotent
@things.arguments(ThingRequest)
@things.response(201, ThingView)
def hand_in(request: dict[str, Any]) -> Thing:
    """Anybody may, without saying who."""
    thing = Thing(owner_sub="", office="PASAR", **request)
    session().add(thing)
    return shown(thing)


@things.get("/things")
@things.paged(ThingView)
def list_things() -> Mapping[str, Any]:
    return page([things_of(sub) for sub in actor().subs], Thing.id)


@things.get("/things/<uuid:thing_id>")
@things.response(200, ThingView)
def show_thing(thing_id: UUID) -> Thing:
    return case(Thing, thing_id)


@things.post("/things/<uuid:thing_id>/sale")
@things.response(200, ThingView)
def sell_thing(thing_id: UUID) -> Thing:
    thing = case(Thing, thing_id)
    thing.sell(f"T-{next_number(session(), 'thing', thing.office, '2026'):06d}")
    return thing


@things.post("/things/<uuid:thing_id>/accident")
@things.response(200, ThingView)
def drop_thing(thing_id: UUID) -> Thing:
    """Breaks after it has changed something and told it."""
    sell_it = case(Thing, thing_id)
    sell_it.sell("T-broken")
    session().flush()
    raise ZeroDivisionError("1271010502900001 was typed here")


def by_badge() -> Actor | None:
    """A supplier's own way to say who calls."""
    badge = web_request.headers.get("X-Badge")
    return Actor(sub=f"badge:{badge}", roles=frozenset({"bank"})) if badge else None


class SupplierView(Schema):
    sub = fields.String()


supplies = Blueprint("supplies", prefix="/supplier", authenticate=by_badge)


@supplies.get("/self")
@supplies.response(200, SupplierView)
def show_supplier() -> dict[str, str]:
    return {"sub": actor().sub}


def tell(fact: Sold) -> Event:
    example = contract(TOLD).example or {}
    return Event(TOLD, fact.thing_id, {**example, "permit_id": fact.thing_id, "permit_no": fact.number})


def things_of(sub: str) -> sa.Select[Any]:
    return sa.select(Thing).where(Thing.owner_sub == sub)


def thing_line(one: Thing) -> CaseLine:
    """What is not sold yet can be taken back."""
    return CaseLine(
        kind="thing", id=str(one.id), number=one.number, status="sold" if one.number else "laid_out", label_code="thing",
        updated_at=datetime(2026, 1, 2, tzinfo=UTC), path=f"/v1/things/{one.id}",
        withdrawal=None if one.number else Withdrawal(f"/v1/things/{one.id}/withdrawal", ("rained-off", "other")),
    )  # fmt: skip


def put_price_up(session: Session, subject: str, now: Any) -> None:
    """Due work: raises every price by one; refuses where there is nothing."""
    things = session.query(Thing).all()
    if not things:
        raise NotFound()
    for thing in things:
        thing.price += 1


SERVICE = Service(
    name="stall", package="stall", title="A stall", apis=(things, supplies), tells={Sold: tell}, runs={"price-up": put_price_up}, cases=(Cases(things_of, Thing.id, thing_line),),
    policy={
        "lay_out": (allow("citizen"),), "list_things": (allow("citizen"),), "show_thing": (allow("citizen", own=True), allow("officer", office=True)),
        "sell_thing": (allow("citizen", own=True), allow("officer", office=True)), "drop_thing": (anyone,), "hand_in": (anyone,),
        "show_supplier": (allow("bank"),),
    },
)  # fmt: skip
