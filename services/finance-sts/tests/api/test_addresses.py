"""The addresses that banks, portals and offices have learnt: each is still answered."""

from werkzeug.exceptions import HTTPException

from smartcity.http.app import CityFlask

ADDRESSES = """
GET  /v1/bills
POST /v1/bills
POST /v1/bills/ID/cancellation
POST /v1/bills/ID/objections
POST /v1/bills/ID/instalments
GET  /v1/bills/ID/document
GET  /v1/payments
POST /v1/payments
GET  /v1/receipts
GET  /v1/receipts/ID/document
GET  /v1/refunds
POST /v1/refunds/ID/approval
POST /v1/refunds/ID/payment
GET  /v1/virtual-accounts/127102026000000018
GET  /v1/qris/ID
GET  /v1/deposit-slips
POST /v1/deposit-slips
POST /v1/deposit-slips/ID/deposit
POST /v1/deposit-slips/ID/validation
GET  /v1/bank-statements
POST /v1/bank-statements
GET  /v1/reconciliations
POST /v1/reconciliations/ID/resolution
GET  /v1/ledger/accounts
GET  /v1/ledger/entries
POST /v1/ledger/entries
POST /v1/days/2026-02-12/closing
GET  /v1/reports/finance-sts/revenue
GET  /v1/reports/finance-sts/arrears
GET  /v1/reports/finance-sts/daily-position
GET  /v1/reports/finance-sts/receipts-and-deposits
GET  /v1/reports/finance-sts/accountability
GET  /v1/open-data/finance-sts
GET  /v1/open-data/finance-sts/revenue.json
GET  /v1/open-data/finance-sts/revenue.csv
GET  /v1/verify/F000-0000-0000-0000
POST /snap/v1.0/access-token/b2b
POST /snap/v1.0/transfer-va/inquiry
POST /snap/v1.0/transfer-va/payment
POST /snap/v1.0/transfer-va/status
POST /snap/v1.0/qr/qr-mpm-notify
"""


def test_every_address_is_that_of_an_operation(app: CityFlask) -> None:
    known, gone = app.url_map.bind("city.example"), []
    for address in ADDRESSES.strip().splitlines():
        method, path = address.split()
        try:
            known.match(path.replace("ID", "0197a7e2-0a11-7e60-9d44-0d5e8f7a3304"), method=method)
        except HTTPException:
            gone.append(address)
    assert gone == []
