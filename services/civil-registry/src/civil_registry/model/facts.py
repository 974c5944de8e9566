"""What happened to a registration, in past tense: ids, codes and dates, nothing that names a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class BirthSubmitted:
    registration_id: UUID
    at: datetime


@dataclass(frozen=True)
class BirthReturned:
    registration_id: UUID
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class BirthWithdrawn:
    registration_id: UUID
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class LateDecided:
    registration_id: UUID
    at: datetime
    decision: str


@dataclass(frozen=True)
class BirthRegistered:
    """`kind`: `in_time` or `late`."""

    registration_id: UUID
    kelurahan_code: str
    registered_on: date
    kind: str


@dataclass(frozen=True)
class BirthCorrected:
    registration_id: UUID
    kelurahan_code: str
    corrected_on: date


@dataclass(frozen=True)
class BirthCancelled:
    registration_id: UUID
    kelurahan_code: str
    cancelled_on: date


@dataclass(frozen=True)
class BundleRequested:
    """`cards`: `family_card`, `child_card`."""

    registration_id: UUID
    kelurahan_code: str
    cards: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class DeathRegistered:
    """`kind`: `in_time` or `late`."""

    registration_id: UUID
    kelurahan_code: str
    registered_on: date
    kind: str


@dataclass(frozen=True)
class CertificateIssued:
    """Noted by the certificate; `kind` is what it certifies."""

    certificate_id: UUID
    certificate_no: str
    registration_id: UUID
    kind: str
    issued_at: datetime
    verify_code: str
