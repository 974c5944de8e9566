"""Kinds of due work: every deadline of a complaint."""

from complaints.use_cases import clocks

RUNS = {clocks.KIND: clocks.run_out}
