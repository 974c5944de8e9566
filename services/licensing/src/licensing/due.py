"""Kinds of due work: the clocks of the offices, also of inspections; of a permit its last day, the reminder before it, the days of a suspension,
and its way to the national system."""

from licensing.use_cases import clearances, clocks, forwarding, inspections, lapses, permit_measures, permits, works_notices
from smartcity import outages

RUNS = {
    clearances.FALL_DUE: clearances.fall_due,
    clocks.ESCALATE: clocks.escalate,
    forwarding.FORWARD: forwarding.forward,
    inspections.FALL_DUE: inspections.fall_due,
    lapses.LAPSE: lapses.fall_due,
    outages.ENDED: clocks.give_back,
    permits.EXPIRE: permits.expire,
    permits.REMIND: permits.remind,
    permit_measures.SUSPEND: permit_measures.begin_suspension,
    works_notices.WATCH: works_notices.fall_due,
    permit_measures.LIFT: permit_measures.end_suspension,
}
