"""The states of a permit and the ways between them, each with what leads along it."""

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
PERMIT_TRANSITIONS: Mapping[PermitStatus, Mapping[PermitStatus, str]] = {
    _S.ACTIVE: {
        _S.AMENDED: "another permit takes its place",
        _S.SUSPENDED: "after its notice",
        _S.REVOKED: "after its notice",
        _S.EXPIRED: "its last day is over",
    },
    _S.SUSPENDED: {_S.ACTIVE: "lifted, or its last day is over", _S.REVOKED: "", _S.EXPIRED: ""},
    _S.AMENDED: {},
    _S.REVOKED: {},
    _S.EXPIRED: {},
}
STANDING: Mapping[PermitStatus, str] = {
    _S.ACTIVE: "valid",
    _S.AMENDED: "superseded",
    _S.SUSPENDED: "suspended",
    _S.REVOKED: "revoked",
    _S.EXPIRED: "expired",
}
