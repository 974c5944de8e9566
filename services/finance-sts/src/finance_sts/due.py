"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import bank_statements, collection, collection_clock, issuing, reconciliations

RUNS = {
    bank_statements.COMPARE: reconciliations.compare,
    collection_clock.COLLECTION: collection.take_step,
    issuing.OVERDUE: issuing.fall_overdue,
}
