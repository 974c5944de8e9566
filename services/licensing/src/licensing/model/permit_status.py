"""The states of a permit and the ways between them."""

from collections.abc import Mapping
from enum import StrEnum


class PermitStatus(StrEnum):
    """Where a permit stands. `amended`: another permit took its place, its paper is superseded."""

    ACTIVE = "active"
    AMENDED = "amended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Succession(StrEnum):
    """What a permit is to the one before it."""

    AMENDMENT = "amendment"
    CORRECTION = "correction"
    RENEWAL = "renewal"


_S = PermitStatus
PERMIT_TRANSITIONS: Mapping[PermitStatus, frozenset[PermitStatus]] = {
    _S.ACTIVE: frozenset({_S.AMENDED, _S.SUSPENDED, _S.REVOKED, _S.EXPIRED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.REVOKED, _S.EXPIRED}),
    _S.AMENDED: frozenset(),
    _S.REVOKED: frozenset(),
    _S.EXPIRED: frozenset(),
}
STANDING: Mapping[PermitStatus, str] = {
    _S.ACTIVE: "valid",
    _S.AMENDED: "superseded",
    _S.SUSPENDED: "suspended",
    _S.REVOKED: "revoked",
    _S.EXPIRED: "expired",
}
