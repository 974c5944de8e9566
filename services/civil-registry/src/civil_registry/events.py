"""What the civil registry tells: ids, codes and dates, never a NIK, a name or an address. It hears nothing."""

from typing import Any

from civil_registry.model import facts
from smartcity.events import Event

BIRTH_SUBMITTED_V1 = "civil-registry.birth.submitted.v1"
BIRTH_RETURNED_V1 = "civil-registry.birth.returned.v1"
BIRTH_WITHDRAWN_V1 = "civil-registry.birth.withdrawn.v1"
BIRTH_LATE_DECIDED_V1 = "civil-registry.birth.late_decided.v1"
BIRTH_REGISTERED_V1 = "civil-registry.birth.registered.v1"
BIRTH_CORRECTED_V1 = "civil-registry.birth.corrected.v1"
BIRTH_CANCELLED_V1 = "civil-registry.birth.cancelled.v1"
BUNDLE_REQUESTED_V1 = "civil-registry.bundle.requested.v1"
DEATH_REGISTERED_V1 = "civil-registry.death.registered.v1"
CERTIFICATE_ISSUED_V1 = "civil-registry.certificate.issued.v1"


def _registration(type_: str, fact: Any) -> Event:
    return Event(type_, subject=fact.registration_id, data=dict(vars(fact)))


TELLS = {
    facts.BirthSubmitted: lambda fact: _registration(BIRTH_SUBMITTED_V1, fact),
    facts.BirthReturned: lambda fact: _registration(BIRTH_RETURNED_V1, fact),
    facts.BirthWithdrawn: lambda fact: _registration(BIRTH_WITHDRAWN_V1, fact),
    facts.LateDecided: lambda fact: _registration(BIRTH_LATE_DECIDED_V1, fact),
    facts.BirthRegistered: lambda fact: _registration(BIRTH_REGISTERED_V1, fact),
    facts.BirthCorrected: lambda fact: _registration(BIRTH_CORRECTED_V1, fact),
    facts.BirthCancelled: lambda fact: _registration(BIRTH_CANCELLED_V1, fact),
    facts.BundleRequested: lambda fact: Event(
        BUNDLE_REQUESTED_V1, subject=fact.registration_id, data={**vars(fact), "cards": list(fact.cards)}
    ),
    facts.DeathRegistered: lambda fact: _registration(DEATH_REGISTERED_V1, fact),
    facts.CertificateIssued: lambda fact: Event(CERTIFICATE_ISSUED_V1, subject=fact.certificate_id, data=dict(vars(fact))),
}
