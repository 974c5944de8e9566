"""The states of a registration, the ways between them, and whom it waits for."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a registration stands. `signed` stands in the history only: issue follows in the same commit."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_CHECK = "in_check"
    RETURNED = "returned"
    AWAITING_LATE_DECISION = "awaiting_late_decision"
    REGISTERED = "registered"
    SIGNED = "signed"
    ISSUED = "issued"
    COLLECTED = "collected"
    REJECTED = "rejected"


class Step(StrEnum):
    """A step of the office. Each is taken by another person; a registration waits for one of them, or for nobody of the office."""

    VERIFICATION = "verification"
    LATE_DECISION = "late_decision"
    REGISTRATION = "registration"
    SIGNATURE = "signature"


_S = Status
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.IN_CHECK}),
    _S.IN_CHECK: frozenset({_S.RETURNED, _S.AWAITING_LATE_DECISION, _S.REGISTERED}),
    _S.RETURNED: frozenset({_S.SUBMITTED}),
    _S.AWAITING_LATE_DECISION: frozenset({_S.IN_CHECK, _S.REJECTED}),
    _S.REGISTERED: frozenset({_S.SIGNED}),
    _S.SIGNED: frozenset({_S.ISSUED}),
    _S.ISSUED: frozenset({_S.COLLECTED}),
    _S.COLLECTED: frozenset(),
    _S.REJECTED: frozenset(),
}
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
AFTER_REGISTRATION = frozenset({_S.REGISTERED, _S.SIGNED, _S.ISSUED, _S.COLLECTED})
