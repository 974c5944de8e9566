"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import bank_statements, issuing, reconciliations

RUNS = {
    bank_statements.COMPARE: reconciliations.compare,
    issuing.OVERDUE: issuing.fall_overdue,
}
