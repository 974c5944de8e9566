"""Kinds of due work: every deadline of a complaint, a machine's first look, and what is not kept longer than it is needed."""

from complaints.use_cases import clocks, first_looks, open311_resends

RUNS = {clocks.KIND: clocks.run_out, open311_resends.FORGET: open311_resends.forget, first_looks.KIND: first_looks.take}
