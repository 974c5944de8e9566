"""What complaints notes in past tense; `events.py` says how each looks outside."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class _OfComplaint:
    """Every fact names its complaint, its category and the moment; never a person, never what was typed."""

    complaint_id: UUID
    complaint_no: str
    category: str
    kelurahan_code: str
    at: datetime


@dataclass(frozen=True)
class ComplaintSubmitted(_OfComplaint):
    channel: str


@dataclass(frozen=True)
class ComplaintVerified(_OfComplaint):
    """The coordinator has read it."""


@dataclass(frozen=True)
class ComplaintRouted(_OfComplaint):
    """It was laid into an office's hands, until when it must first follow it up."""

    office: str
    deadline: datetime


@dataclass(frozen=True)
class ComplaintReturned(_OfComplaint):
    """An office says it is not its business, for the n-th time."""

    office: str
    returns: int


@dataclass(frozen=True)
class ComplaintAnswered(_OfComplaint):
    office: str
    with_proof: bool


@dataclass(frozen=True)
class ComplaintExtended(_OfComplaint):
    """The head of the office has moved the date of the answer, giving a reason."""

    office: str
    answer_by: datetime


@dataclass(frozen=True)
class ComplaintPlanned(_OfComplaint):
    """The office has named the works that will mend it, and when they are expected."""

    office: str
    reference: str
    expected_on: date


@dataclass(frozen=True)
class ComplaintReopened(_OfComplaint):
    """The reporter says it is not repaired."""

    office: str
    reopenings: int


@dataclass(frozen=True)
class ComplaintClosed(_OfComplaint):
    office: str
    cause: str


@dataclass(frozen=True)
class ComplaintEscalated(_OfComplaint):
    """A clock ran out; `to` is who is told now."""

    clock: str
    to: str
    office: str | None


@dataclass(frozen=True)
class ComplaintArchived(_OfComplaint):
    reason_code: str
    forwarded_to: str | None


@dataclass(frozen=True)
class ComplaintDuplicateLinked(_OfComplaint):
    """It is the same trouble as an earlier one, which is pursued."""

    original_id: UUID
    original_no: str


@dataclass(frozen=True)
class ComplaintWithdrawn(_OfComplaint):
    reason_code: str
