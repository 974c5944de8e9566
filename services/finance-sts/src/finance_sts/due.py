"""RUNS: kind of due work -> use case."""

from finance_sts.use_cases import (
    bank_statements,
    cash_in_hand,
    collection,
    collection_clock,
    day_seals,
    instalments,
    issuing,
    limitation,
    monthly_reports,
    objection_clock,
    objections,
    pending_payments,
    reconciliations,
    refund_terms,
)

RUNS = {
    bank_statements.COMPARE: reconciliations.compare,
    cash_in_hand.RING: cash_in_hand.ring,
    collection_clock.COLLECTION: collection.take_step,
    day_seals.SEAL: day_seals.seal_day,
    instalments.INSTALMENT: instalments.check,
    issuing.OVERDUE: issuing.fall_overdue,
    limitation.LIMITATION: limitation.run_out,
    monthly_reports.MAKE: monthly_reports.make_reports,
    objection_clock.TERM: objections.term_over,
    pending_payments.ASK: pending_payments.ask,
    reconciliations.LOOK_AGAIN: reconciliations.look_again,
    refund_terms.TERM: refund_terms.term_over,
}
