"""Kinds of due work: the clocks of the offices, and the last day of a permit."""

from licensing.use_cases import clearances, clocks, lapses, permits

RUNS = {
    clearances.FALL_DUE: clearances.fall_due,
    clocks.ESCALATE: clocks.escalate,
    lapses.LAPSE: lapses.fall_due,
    permits.EXPIRE: permits.expire,
}
