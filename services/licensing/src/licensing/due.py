"""Kinds of due work: the clocks of the office, and the last day of a permit."""

from licensing.use_cases import clocks, permits

RUNS = {clocks.ESCALATE: clocks.escalate, permits.EXPIRE: permits.expire}
