"""`certificates/{no}/document`: the certificate on paper."""

from typing import Any

from flask import Response

from civil_registry.api.purpose import PurposeQuery
from civil_registry.use_cases import certificates as use_cases
from smartcity.http import Blueprint, actor, permitted, session

certificates = Blueprint("certificates", description="Certificates the office has issued. Free of charge, valid for ever.")


@certificates.get("/certificates/<string:number>/document")
@certificates.arguments(PurposeQuery, location="query")
@certificates.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_certificate_document(query: dict[str, Any], number: str) -> Response:
    """The certificate: PDF with QR, the same bytes every time; an official says why they read it."""
    certificate = permitted(use_cases.by_number(session(), number))
    paper = use_cases.deliver(session(), actor(), certificate, query.get("purpose"))
    return Response(paper.pdf, headers=dict(paper.headers))
