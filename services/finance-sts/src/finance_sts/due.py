"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import issuing

RUNS = {issuing.OVERDUE: issuing.fall_overdue}
