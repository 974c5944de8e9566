"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import bank_statements, collection, collection_clock, instalments, issuing, pending_payments, reconciliations

RUNS = {
    bank_statements.COMPARE: reconciliations.compare,
    collection_clock.COLLECTION: collection.take_step,
    instalments.INSTALMENT: instalments.check,
    issuing.OVERDUE: issuing.fall_overdue,
    pending_payments.ASK: pending_payments.ask,
}
