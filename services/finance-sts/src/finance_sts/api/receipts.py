"""`receipts` (SSRD): every payment has one, made in the same commit."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.api.payments import PaymentView
from finance_sts.model.payment import Payment
from finance_sts.use_cases import papers
from finance_sts.use_cases.listings import listed
from smartcity.http import Blueprint, actor, case, page, session

receipts = Blueprint("receipts", description="Receipts (SSRD).")


class ReceiptView(PaymentView):
    """The receipt of a payment."""


@receipts.get("/receipts")
@receipts.paged(ReceiptView)
def list_receipts() -> dict[str, Any]:
    """My receipts, or those of my office; newest first."""
    return page(listed(Payment, actor()), Payment.id.desc())


@receipts.get("/receipts/<uuid:payment_id>")
@receipts.response(200, ReceiptView)
def show_receipt(payment_id: UUID) -> Payment:
    """One receipt."""
    return case(Payment, payment_id)


@receipts.get("/receipts/<uuid:payment_id>/document")
@receipts.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_receipt_document(payment_id: UUID) -> Response:
    """The receipt's paper: PDF with QR, the same bytes every time."""
    paper = papers.deliver(session(), actor(), "receipt", case(Payment, payment_id))
    return Response(paper.pdf, headers=dict(paper.headers))
