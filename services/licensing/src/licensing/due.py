"""Kinds of due work: the clocks of the offices, and the last day of a permit."""

from licensing.use_cases import clearances, clocks, permits

RUNS = {clearances.FALL_DUE: clearances.fall_due, clocks.ESCALATE: clocks.escalate, permits.EXPIRE: permits.expire}
