"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import billing

RUNS = {billing.OVERDUE: billing.fall_overdue}
