"""Is the signature within a PDF whole, and does a certificate that is trusted stand behind it? pyHanko is loaded here, when asked."""

import io
import logging
from collections.abc import Sequence
from typing import Any

from smartcity.documents.electronic import ElectronicSignature
from smartcity.documents.statement import NotGenuine


def checked(pdf: bytes, roots: Sequence[bytes]) -> ElectronicSignature:
    """The only signature of the file, by a certificate that one of `roots` (DER) vouches for.

    Trust is judged as of the time that the signature tells (ETSI EN 319 102-1, 5.2.5 without a time-stamp): a paper that is valid for ever
    outlives the certificate. Raises `NotGenuine`: `no-signature`, `signature-broken`, `changed-after-signing`, `signature-not-trusted`.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.errors import SignatureValidationError

    for library in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)  # they would write whose certificate it is into the log
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not found:
            raise NotGenuine("no-signature")
        if len(found) > 1:
            raise NotGenuine("changed-after-signing")
        status = _status(found[0], roots)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        raise NotGenuine("signature-broken") from None
    _must_hold(status)
    return _told(found[0])


def _status(embedded: Any, roots: Sequence[bytes]) -> Any:
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    trust = ValidationContext(
        trust_roots=[Certificate.load(root) for root in roots], moment=embedded.self_reported_timestamp, allow_fetching=False
    )
    return validate_pdf_signature(embedded, trust)


def _must_hold(status: Any) -> None:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if not (status.intact and status.valid):
        raise NotGenuine("signature-broken")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise NotGenuine("changed-after-signing")
    if not status.trusted:
        raise NotGenuine("signature-not-trusted")


def _told(embedded: Any) -> ElectronicSignature:
    certificate, at = embedded.signer_cert, embedded.self_reported_timestamp
    return ElectronicSignature(
        certificate.subject.native["common_name"], certificate.issuer.native["common_name"], f"{certificate.serial_number:x}", at
    )
