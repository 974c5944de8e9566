"""The states of an inspection and the ways between them, each with what leads along it."""

from collections.abc import Mapping
from enum import StrEnum


class InspectionStatus(StrEnum):
    OPENED = "opened"
    SCHEDULED = "scheduled"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


_S = InspectionStatus
INSPECTION_TRANSITIONS: Mapping[InspectionStatus, Mapping[InspectionStatus, str]] = {
    _S.OPENED: {_S.SCHEDULED: "an inspector and a day", _S.CANCELLED: "with a reason"},
    _S.SCHEDULED: {
        _S.OPENED: "the complaint is laid before another office",
        _S.CONCLUDED: "checklist, pictures, outcome",
        _S.CANCELLED: "",
    },
    _S.CONCLUDED: {},
    _S.CANCELLED: {},
}


class Outcome(StrEnum):
    """What was found, in the words of the contract."""

    NO_VIOLATION = "no-violation"
    VIOLATION_FOUND = "violation-found"
    PERMIT_ABSENT = "permit-absent"
    NOT_ACCESSIBLE = "not-accessible"
