"""The states of an application and the ways between them, each with what leads along it."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where an application stands. `paid` stands in the history only: issue follows in the same commit."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    COMPLETE = "complete"
    RETURNED = "returned"
    IN_EXAMINATION = "in_examination"
    APPROVED = "approved"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    ISSUED = "issued"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_S = Status
TRANSITIONS: Mapping[Status, Mapping[Status, str]] = {
    _S.DRAFT: {_S.SUBMITTED: "documents complete", _S.WITHDRAWN: ""},
    _S.SUBMITTED: {_S.COMPLETE: "officer", _S.RETURNED: "with reasons", _S.REJECTED: "", _S.WITHDRAWN: ""},
    _S.COMPLETE: {_S.IN_EXAMINATION: "examiner", _S.RETURNED: "", _S.REJECTED: "", _S.WITHDRAWN: ""},
    _S.RETURNED: {_S.SUBMITTED: "again, same number", _S.WITHDRAWN: "", _S.LAPSED: "nothing done in time"},
    _S.IN_EXAMINATION: {_S.APPROVED: "approver, who did not examine", _S.RETURNED: "", _S.REJECTED: "", _S.WITHDRAWN: ""},
    _S.APPROVED: {_S.AWAITING_PAYMENT: "retribution fixed", _S.ISSUED: "retribution is zero", _S.REJECTED: "", _S.WITHDRAWN: ""},
    _S.AWAITING_PAYMENT: {
        _S.PAID: "bill.paid covers the assessment in force",
        _S.ISSUED: "fixed anew at zero",
        _S.WITHDRAWN: "",
        _S.LAPSED: "not paid in time",
    },
    _S.PAID: {_S.ISSUED: "in the same commit"},
    _S.ISSUED: {},
    _S.REJECTED: {},
    _S.WITHDRAWN: {},
    _S.LAPSED: {},
}
EXAMINABLE = frozenset({_S.COMPLETE, _S.IN_EXAMINATION})
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
CLOSED_WITHOUT_PERMIT = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.LAPSED})
BEFORE_ASSESSMENT = frozenset({_S.DRAFT, _S.SUBMITTED, _S.COMPLETE, _S.RETURNED, _S.IN_EXAMINATION, _S.APPROVED})
