"""The states of a registration, the ways between them with what leads along each, and whom it waits for."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a registration stands. `signed`: the signer has acted, and the electronic signature is being made; with the one for trial in the same commit."""

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
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """A step of the office. Each is taken by another person; a registration waits for one of them, or for nobody of the office."""

    VERIFICATION = "verification"
    LATE_DECISION = "late_decision"
    REGISTRATION = "registration"
    SIGNATURE = "signature"


_S = Status
TRANSITIONS: Mapping[Status, Mapping[Status, str]] = {
    _S.DRAFT: {_S.SUBMITTED: "papers complete", _S.WITHDRAWN: ""},
    _S.SUBMITTED: {_S.IN_CHECK: "officer", _S.WITHDRAWN: ""},
    _S.IN_CHECK: {
        _S.RETURNED: "with reasons",
        _S.AWAITING_LATE_DECISION: "checked, more than 60 days",
        _S.REGISTERED: "registrar",
        _S.WITHDRAWN: "before it is registered",
    },
    _S.RETURNED: {_S.SUBMITTED: "mended, same number", _S.WITHDRAWN: ""},
    _S.AWAITING_LATE_DECISION: {_S.IN_CHECK: "head approves", _S.REJECTED: "head rejects, with reasons", _S.WITHDRAWN: ""},
    _S.REGISTERED: {_S.SIGNED: "signer"},
    _S.SIGNED: {_S.ISSUED: "electronic signature made"},
    _S.ISSUED: {_S.COLLECTED: "downloaded or handed over", _S.SIGNED: "corrected, or another copy", _S.CANCELLED: "court's ruling"},
    _S.COLLECTED: {_S.SIGNED: "corrected, or another copy", _S.CANCELLED: "court's ruling"},
    _S.REJECTED: {},
    _S.CANCELLED: {},
    _S.WITHDRAWN: {},
}
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
AFTER_REGISTRATION = frozenset({_S.REGISTERED, _S.SIGNED, _S.ISSUED, _S.COLLECTED})
