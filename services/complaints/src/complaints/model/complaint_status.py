"""The states of a complaint, the ways between them with what leads along each, and whose turn it is."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands (domain: diterima, perlu_dilengkapi, diarsipkan, didisposisikan, diproses, ditindaklanjuti, selesai)."""

    RECEIVED = "received"
    NEEDS_COMPLETION = "needs_completion"
    ARCHIVED = "archived"
    DISPOSED = "disposed"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Clock(StrEnum):
    """Which clock runs: what must happen before `deadline`."""

    VERIFICATION = "verification"
    COMPLETION = "completion"
    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    CONSENT = "consent"


class CloseCause(StrEnum):
    """Why a complaint was closed: the reporter agreed, or said nothing for the whole window."""

    ACCEPTED = "accepted"
    SILENCE = "silence"


class Escalation(StrEnum):
    """How high a missed clock has been carried."""

    NONE = "none"
    HEAD = "head"
    SECRETARIAT = "secretariat"


_S = Status
TRANSITIONS: Mapping[Status, Mapping[Status, str]] = {
    _S.RECEIVED: {
        _S.NEEDS_COMPLETION: "something is missing",
        _S.ARCHIVED: "not pursued, or forwarded with the channel named",
        _S.DISPOSED: "read by the coordinator, laid before an office",
        _S.WITHDRAWN: "",
    },
    _S.NEEDS_COMPLETION: {_S.RECEIVED: "added, the clocks stood still", _S.WITHDRAWN: "not added in 30 days"},
    _S.ARCHIVED: {},
    _S.DISPOSED: {
        _S.RECEIVED: "another's business, the third time to the secretariat",
        _S.IN_PROGRESS: "the office begins",
        _S.WITHDRAWN: "",
    },
    _S.IN_PROGRESS: {_S.ANSWERED: "with a photo where the category asks it", _S.WITHDRAWN: ""},
    _S.ANSWERED: {
        _S.IN_PROGRESS: "not repaired, says the reporter, or most followers where the reporter is silent",
        _S.CLOSED: "the reporter agrees, or is silent for 10 days",
    },
    _S.CLOSED: {_S.IN_PROGRESS: "reopened within 30 days"},
    _S.WITHDRAWN: {},
}
OPEN = frozenset({_S.RECEIVED, _S.NEEDS_COMPLETION, _S.DISPOSED, _S.IN_PROGRESS, _S.ANSWERED})
WAITS_FOR: Mapping[Clock, str] = {
    Clock.VERIFICATION: "coordinator", Clock.COMPLETION: "reporter", Clock.FOLLOW_UP: "office", Clock.ANSWER: "office", Clock.CONSENT: "reporter",
}  # fmt: skip
