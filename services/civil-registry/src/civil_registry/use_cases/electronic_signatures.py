"""The signer's electronic signature on a certificate: made here for trial, or asked of the national signing service by due work."""

import json
import ssl
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.certificate import Certificate, CertificateStatus
from civil_registry.use_cases.certificates import official
from civil_registry.use_cases.issuing import SIGN, sign_and_issue
from civil_registry.use_cases.signing_service import Account, SigningService
from smartcity import due
from smartcity.calendar import day_of
from smartcity.documents import ElectronicSignature, Signatory, SignerAway, Signing
from smartcity.documents.electronic import choose
from smartcity.observability import log
from smartcity.partner import address
from smartcity.settings import Settings, SettingsError
from smartcity.storage import get

REASONS = {"birth": "Kutipan Akta Kelahiran", "death": "Kutipan Akta Kematian"}
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=30)
PEM_END = "-----END CERTIFICATE-----"


def signatory(session: Session, certificate_id: UUID) -> Signatory | None:
    """Whose signature the certificate is to bear: the one whose act it was. One issued before there were any bears none."""
    certificate = get(session, Certificate, certificate_id)
    if certificate.status is not CertificateStatus.AWAITING_SIGNATURE:
        return None
    capacity, name = official(certificate.signer_sub, day_of(certificate.issued_at))
    return Signatory(certificate.signer_sub, name, capacity, f"{REASONS[certificate.certifies]} {certificate.number}")


def note(session: Session, certificate_id: UUID, made: ElectronicSignature) -> None:
    """It bears a signature that was checked, and holds from now on."""
    get(session, Certificate, certificate_id).note_signature(made)


def noted(session: Session, certificate_id: UUID) -> ElectronicSignature | None:
    """For the verify page."""
    return get(session, Certificate, certificate_id).signature


SIGNING = Signing(signatory, note, noted)


def sign_awaiting(session: Session, subject: str, now: datetime) -> None:
    """Due work: have certificate `subject` signed, dated of this moment, and issue it.

    While the signer is away it is asked again, each time after as long as it has been waited for, for as long as it takes. A refusal is
    raised: after some tries the work is parked for a person.
    """
    certificate = get(session, Certificate, UUID(subject), lock=True)
    if certificate.status is not CertificateStatus.AWAITING_SIGNATURE:
        return
    acted = certificate.issued_at
    certificate.issued_at = now
    try:
        sign_and_issue(session, certificate, now)
    except SignerAway as away:
        certificate.issued_at = acted
        log.warning("signer away", error=str(away), subject=subject)
        due.schedule(session, SIGN, subject, now + min(LONGEST, max(SHORTEST, now - acted)))


def longest_unsigned(session: Session, now: datetime) -> float:
    """Seconds since the act of a signer whose electronic signature has been waited for longest."""
    waiting = Certificate.status == CertificateStatus.AWAITING_SIGNATURE
    first = session.scalar(sa.select(sa.func.min(Certificate.issued_at)).where(waiting))
    return max(0.0, (now - first).total_seconds()) if first else 0.0


def configure(config: Settings) -> None:
    """Read `ESIGN_*`; opens nothing. Without `ESIGN_URL` the kernel's signer for trial stays. Raises `SettingsError`."""
    said = config.extra
    url = address(config, "ESIGN_URL")
    if url is None:
        return
    roots = _roots(said["ESIGN_ROOTS"])
    choose(SigningService(url, (said["ESIGN_USER"], said["ESIGN_PASSWORD"]), _accounts(said["ESIGN_SIGNERS"]), roots))


def _accounts(text: str) -> dict[str, Account]:
    try:
        return {sub: Account(**row) for sub, row in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError):
        raise SettingsError('ESIGN_SIGNERS must be {"<account>": {"nik": "…", "passphrase": "…"}}') from None


def _roots(text: str) -> tuple[bytes, ...]:
    try:
        found = tuple(ssl.PEM_cert_to_DER_cert(part.strip() + PEM_END) for part in text.split(PEM_END)[:-1])
    except ValueError:
        found = ()
    if not found:
        raise SettingsError("ESIGN_ROOTS must hold the certificates (PEM) that vouch for the signatures")
    return found
