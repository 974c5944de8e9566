"""The only wiring place of finance-sts."""

from finance_sts.api.bank_statements import statements
from finance_sts.api.bills import bills
from finance_sts.api.collection import collection
from finance_sts.api.corrections import corrections
from finance_sts.api.days import days
from finance_sts.api.deposit_slips import slips
from finance_sts.api.drafts import drafts
from finance_sts.api.instalments import instalments
from finance_sts.api.ledger import ledger
from finance_sts.api.monthly_reports import accountability
from finance_sts.api.objections import objections
from finance_sts.api.open_data import open_data
from finance_sts.api.payments import payments
from finance_sts.api.qris import qris
from finance_sts.api.receipts import receipts
from finance_sts.api.receipts_book import book
from finance_sts.api.reconciliations import reconciliations
from finance_sts.api.refunds import refunds
from finance_sts.api.reports import reports
from finance_sts.api.snap import snap
from finance_sts.api.snap_access import snap_access
from finance_sts.api.waivers import waivers
from finance_sts.due import RUNS
from finance_sts.events import HEARS, TELLS
from finance_sts.policy import DATA_REQUESTS, POLICY
from finance_sts.use_cases.bank_questions import configure
from finance_sts.use_cases.book_checks import INVARIANTS
from finance_sts.use_cases.cash_in_hand import late_in_hand
from finance_sts.use_cases.ledger_accounts import imbalance
from finance_sts.use_cases.monthly_reports import unsigned_late
from finance_sts.use_cases.my_cases import MY_CASES
from finance_sts.use_cases.papers import PAPERS
from finance_sts.use_cases.pending_payments import unknown
from finance_sts.use_cases.personal_data import of_person
from finance_sts.use_cases.reconciliations import unexplained
from finance_sts.use_cases.report_papers import REPORT_PAPERS
from smartcity.data_requests import PersonalData
from smartcity.service import Service

SERVICE = Service(
    name="finance-sts",
    package="finance_sts",
    title="E-STS",
    apis=(
        bills,
        collection,
        drafts,
        instalments,
        waivers,
        objections,
        payments,
        receipts,
        refunds,
        slips,
        days,
        ledger,
        corrections,
        book,
        accountability,
        reports,
        open_data,
        qris,
        statements,
        reconciliations,
        snap,
        snap_access,
    ),
    policy=POLICY,
    personal_data=PersonalData(of_person, DATA_REQUESTS),
    hears=HEARS,
    tells=TELLS,
    runs=RUNS,
    watches={
        "finance_cash_late_rupiah": late_in_hand,
        "finance_ledger_imbalance_rupiah": imbalance,
        "finance_payments_unknown": unknown,
        "finance_reconciliation_open": unexplained,
        "finance_reports_unsigned_late": unsigned_late,
    },
    documents=(*PAPERS, *REPORT_PAPERS),
    verify_letter="F",
    settings=("SNAP_CLIENT_SECRET", "SNAP_PUBLIC_KEY"),
    options={
        "ACQUIRER_URL": "",
        "ACQUIRER_CLIENT_ID": "",
        "ACQUIRER_CLIENT_SECRET": "",
        "ACQUIRER_PRIVATE_KEY": "",
        "BANK_URL": "",
        "BANK_CLIENT_ID": "",
        "BANK_CLIENT_SECRET": "",
        "BANK_PRIVATE_KEY": "",
    },
    configure=configure,
    cases=MY_CASES,
    invariants=INVARIANTS,
    constraints={
        "uq_payment_bank_bank_reference": "bank-reference-reused",
        "uq_deposit_slip_credit_note": "credit-note-reused",
        "uq_bank_statement_account_statement_id": "statement-known",
        "uq_payment_evidence_id": "evidence-used",
        "uq_objection_filed": "objection-filed",
        "uq_waiver_waiting": "waiver-waiting",
        "day_closed": "day-closed",
    },
)
