"""The states of a complaint, the ways between them, and whose turn it is."""

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
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    _S.RECEIVED: frozenset({_S.NEEDS_COMPLETION, _S.ARCHIVED, _S.DISPOSED, _S.WITHDRAWN}),
    _S.NEEDS_COMPLETION: frozenset({_S.RECEIVED, _S.WITHDRAWN}),
    _S.ARCHIVED: frozenset(),
    _S.DISPOSED: frozenset({_S.RECEIVED, _S.IN_PROGRESS, _S.WITHDRAWN}),
    _S.IN_PROGRESS: frozenset({_S.ANSWERED, _S.WITHDRAWN}),
    _S.ANSWERED: frozenset({_S.IN_PROGRESS, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.IN_PROGRESS}),
    _S.WITHDRAWN: frozenset(),
}
OPEN = frozenset({_S.RECEIVED, _S.NEEDS_COMPLETION, _S.DISPOSED, _S.IN_PROGRESS, _S.ANSWERED})
WAITS_FOR: Mapping[Clock, str] = {
    Clock.VERIFICATION: "coordinator", Clock.COMPLETION: "reporter", Clock.FOLLOW_UP: "office", Clock.ANSWER: "office", Clock.CONSENT: "reporter",
}  # fmt: skip
