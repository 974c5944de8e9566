"""The states of an application and the ways between them."""

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
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.COMPLETE, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.COMPLETE: frozenset({_S.IN_EXAMINATION, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN, _S.LAPSED}),
    _S.IN_EXAMINATION: frozenset({_S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.AWAITING_PAYMENT, _S.ISSUED, _S.REJECTED, _S.WITHDRAWN}),
    _S.AWAITING_PAYMENT: frozenset({_S.PAID, _S.ISSUED, _S.WITHDRAWN, _S.LAPSED}),
    _S.PAID: frozenset({_S.ISSUED}),
    _S.ISSUED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.LAPSED: frozenset(),
}
EXAMINABLE = frozenset({_S.COMPLETE, _S.IN_EXAMINATION})
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
CLOSED_WITHOUT_PERMIT = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.LAPSED})
BEFORE_ASSESSMENT = frozenset({_S.DRAFT, _S.SUBMITTED, _S.COMPLETE, _S.RETURNED, _S.IN_EXAMINATION, _S.APPROVED})
