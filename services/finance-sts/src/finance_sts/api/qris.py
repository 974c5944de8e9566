"""`qris/{bill}`: the code that pays what is owed now; as text, and drawn."""

from collections.abc import Callable
from uuid import UUID

from flask import Response

from finance_sts.model.bill import Bill
from finance_sts.use_cases import qris_codes
from smartcity.documents.render import qr_png, qr_svg
from smartcity.http import Blueprint, Schema, fields, now, permitted, session
from smartcity.storage import get

qris = Blueprint("qris", description="Paying by QRIS. Whether it was paid is said by the acquirer, never by the payer's screen.")

DRAWN: dict[str, tuple[Callable[[str], str | bytes], str]] = {"svg": (qr_svg, "image/svg+xml"), "png": (qr_png, "image/png")}


class QrisView(Schema):
    bill_id = fields.UUID()
    payload = fields.String(metadata={"description": "EMVCo merchant-presented, dynamic"})
    amount = fields.Rupiah()
    expires_at = fields.Moment(metadata={"description": "Not to be shown any longer: ask again"})


def _code(bill_id: UUID) -> qris_codes.Code:
    return qris_codes.code_of(permitted(get(session(), Bill, bill_id)), now())


@qris.get("/qris/<uuid:bill_id>")
@qris.response(200, QrisView)
def show_qris(bill_id: UUID) -> qris_codes.Code:
    """A fresh code for what is still owed on the bill."""
    return _code(bill_id)


@qris.get("/qris/<uuid:bill_id>.<any(svg, png):form>")
@qris.doc(responses={200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}})
@qris.response(200, {"type": "string", "format": "binary"}, content_type="image/svg+xml")
def draw_qris(bill_id: UUID, form: str) -> Response:
    """The same, drawn; no cache keeps it."""
    draw, kind = DRAWN[form]
    answer = Response(draw(_code(bill_id).payload), content_type=kind)
    answer.cache_control.no_store = True
    return answer
