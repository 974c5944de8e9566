"""Operation × role × ownership × office. An operation that is not here does not start."""

from smartcity.http.policy import Policy, allow, anyone

TREASURY = "BKAD"
OWN = allow("citizen", own=True)
TREASURER, CLOSER, OFFICER = (allow(role, office=True) for role in ("treasurer", "cashbook-closer", "officer"))
HEAD = allow("head", office=TREASURY)
OFFICE_HEAD = allow("head", office=True)
AUDITOR = allow("auditor")
READERS = [OWN, TREASURER, CLOSER, OFFICER, OFFICE_HEAD, HEAD, AUDITOR]
LISTERS = [allow("citizen"), allow("treasurer"), allow("cashbook-closer"), allow("officer"), allow("head"), AUDITOR]
FIGURES = [allow("treasurer"), allow("cashbook-closer"), allow("officer"), allow("head"), AUDITOR]
BOOKS = [allow("treasurer"), allow("cashbook-closer"), HEAD, AUDITOR]
TREASURY_BOOKS = [allow("treasurer", office=TREASURY), HEAD, AUDITOR]

POLICY: Policy = {
    "list_bills": LISTERS,
    "show_bill": READERS,
    "read_bill_document": READERS,
    "list_collection_steps": READERS,
    "read_warning_letter": READERS,
    "ask_instalments": [OWN, OFFICER, TREASURER],
    "list_instalments": READERS,
    "show_instalments": READERS,
    "decide_instalments": [OFFICE_HEAD],
    "prepare_bill": [allow("officer"), allow("treasurer")],
    "issue_bill": [OFFICE_HEAD],
    "list_bill_register": [*BOOKS, allow("officer"), allow("head")],
    "cancel_bill": [TREASURER, OFFICER],
    "show_virtual_account": [OWN, TREASURER, OFFICER, HEAD, AUDITOR, allow("bank")],
    "take_payment": [TREASURER],
    "list_payments": LISTERS,
    "list_receipts": LISTERS,
    "show_receipt": READERS,
    "read_receipt_document": READERS,
    "list_refunds": LISTERS,
    "show_refund": [OWN, TREASURER, CLOSER, HEAD, AUDITOR],
    "approve_refund": [HEAD],
    "pay_refund": [TREASURER],
    "gather_deposit_slip": [allow("treasurer")],
    "list_deposit_slips": BOOKS,
    "show_deposit_slip": [TREASURER, CLOSER, HEAD, AUDITOR],
    "list_deposit_slip_lines": [TREASURER, CLOSER, HEAD, AUDITOR],
    "read_deposit_slip_document": [TREASURER, CLOSER, HEAD, AUDITOR],
    "deposit_slip": [TREASURER],
    "validate_deposit_slip": [HEAD],
    "list_cash_in_hand": BOOKS,
    "show_day": BOOKS,
    "close_day": [allow("cashbook-closer")],
    "list_ledger_accounts": BOOKS,
    "list_ledger_entries": BOOKS,
    "load_bank_statement": [allow("treasurer", office=TREASURY), HEAD],
    "list_bank_statements": TREASURY_BOOKS,
    "show_bank_statement": TREASURY_BOOKS,
    "list_bank_lines": TREASURY_BOOKS,
    "list_reconciliations": BOOKS,
    "show_reconciliation": [TREASURER, CLOSER, HEAD, AUDITOR],
    "list_findings": [TREASURER, CLOSER, HEAD, AUDITOR],
    "list_finding_steps": [TREASURER, CLOSER, HEAD, AUDITOR],
    "resolve_finding": [HEAD],
    "show_revenue_report": FIGURES,
    "export_revenue_report": FIGURES,
    "show_arrears_report": FIGURES,
    "export_arrears_report": FIGURES,
    "show_daily_position": FIGURES,
    "export_daily_position": FIGURES,
    "list_published_revenue": [anyone],
    "export_published_revenue": [anyone],
    "list_data_sets": [anyone],
    "show_data_set": [anyone],
    "propose_correction": [allow("treasurer"), allow("cashbook-closer")],
    "list_corrections": BOOKS,
    "show_correction": [TREASURER, CLOSER, HEAD, AUDITOR],
    "approve_correction": [TREASURER, CLOSER, HEAD],
    "reject_correction": [TREASURER, CLOSER, HEAD],
    "read_receipts_book": BOOKS,
    "list_monthly_reports": BOOKS,
    "show_monthly_report": [TREASURER, CLOSER, HEAD, AUDITOR],
    "read_monthly_report_document": [TREASURER, CLOSER, HEAD, AUDITOR],
    "sign_monthly_report": [TREASURER],
    "give_snap_token": [anyone],
    "inquire_virtual_account": [allow("bank")],
    "pay_virtual_account": [allow("bank")],
    "ask_payment_status": [allow("bank")],
    "hear_qris_payment": [allow("bank")],
    "show_qris": [OWN, TREASURER, OFFICER, HEAD, AUDITOR],
    "draw_qris": [OWN, TREASURER, OFFICER, HEAD, AUDITOR],
}
