"""What the office promises of a complaint in work: another date, for a reason, once; works that are planned; and where it is."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from complaints.model import facts
from complaints.model.complaint_status import Status
from complaints.model.complaint_way import OnItsWay, Step
from smartcity.errors import RuleBroken


class Promised(OnItsWay):
    """`answer_by`: the end of the class's ceiling. `extended_at`: when the head moved it. `planned_for`: when the works named `planned_reference` are expected."""

    __abstract__ = True

    answer_by: Mapped[datetime]
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    extended_at: Mapped[datetime | None] = mapped_column(default=None)
    planned_reference: Mapped[str | None] = mapped_column(default=None)
    planned_for: Mapped[date | None] = mapped_column(default=None)

    def extend(self, until: datetime, step: Step) -> None:
        """The head of the office moves the clock of the answer, once and before it has run out; the reason is for everybody."""
        self._must_be(Status.IN_PROGRESS, "extendable")
        if self.extended_at is not None:
            raise RuleBroken("extended-already")
        if self.deadline is None or step.at > self.answer_by:
            raise RuleBroken("extension-too-late")
        self.extended_at, self.deadline, self.answer_by = step.at, until, until
        self._write("extended", step)
        self.note(facts.ComplaintExtended(*self._about(step.at), self._office, until))

    def plan(self, reference: str, expected_on: date, step: Step) -> None:
        """Works are planned that will mend it; planned anew, the new date holds. The clock runs on."""
        self._must_be(Status.IN_PROGRESS, "plannable")
        self.planned_reference, self.planned_for = reference, expected_on
        self._write("planned", step)
        self.note(facts.ComplaintPlanned(*self._about(step.at), self._office, reference, expected_on))

    def locate(self, latitude: float, longitude: float, kelurahan_code: str, step: Step) -> None:
        """The reporter says where it is; before an office has it, whose business depends on the place."""
        if self.status not in (Status.RECEIVED, Status.NEEDS_COMPLETION):
            raise RuleBroken("complaint-not-locatable", status=self.status)
        self.latitude, self.longitude, self.kelurahan_code = latitude, longitude, kelurahan_code
        self._write("located", step)
