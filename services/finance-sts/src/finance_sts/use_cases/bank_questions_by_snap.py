"""The questions of SNAP BI, with the city as the caller: `qr/qr-mpm-query` of the acquirer, `transfer-va/status` of a bank.

Paths and fields are those of SNAP BI (memory); where a bank differs, it is here and nowhere else.
"""

import re
from collections.abc import Mapping
from typing import Any

from finance_sts.model.payment_question import PaymentQuestion
from finance_sts.rules.virtual_account import CUSTOMER_DIGITS, account_no
from finance_sts.use_cases.bank_questions import BankAway, Said
from finance_sts.use_cases.snap_caller import SnapCaller

QRIS_QUERY, ACCOUNT_STATUS = "/v1.0/qr/qr-mpm-query", "/v1.0/transfer-va/status"
QRIS_PAYMENT = "47"
"""The service of SNAP BI whose outcome is asked for."""
NOBODY_PAID, UNKNOWN = ("4045101", "4042601"), "07"
"""The bank knows of no such payment: nothing has moved."""
RUPIAH = re.compile(r"([0-9]{1,15})\.00")
REFERENCE = re.compile(r"[!-~]{1,128}")


class Qris(SnapCaller):
    """The acquirer."""

    def ask(self, question: PaymentQuestion) -> Said:
        """Of the payment with the acquirer's own number for the bill that its code names."""
        reference = question.reference
        words = {"originalReferenceNo": reference, "originalPartnerReferenceNo": question.about, "serviceCode": QRIS_PAYMENT}
        told = self.call(QRIS_QUERY, words)
        if told.get("responseCode") in NOBODY_PAID:
            return Said(UNKNOWN, 0, reference)
        if told.get("originalReferenceNo") != reference:
            raise BankAway("answer-unreadable")
        return _said(told.get("latestTransactionStatus"), told.get("amount"), reference)


class VirtualAccounts(SnapCaller):
    """A bank that carries virtual accounts."""

    def ask(self, question: PaymentQuestion) -> Said:
        """Of the payment that followed the bank's inquiry on the virtual account (not padded); of one it has told, by its own number too.

        By SNAP both are one number; where a bank gives a payment one of its own, that finds it.
        """
        about, reference = question.about, question.reference
        numbers = ("inquiryRequestId", "paymentRequestId") if question.told else ("inquiryRequestId",)
        partner, customer = about[:-CUSTOMER_DIGITS], about[-CUSTOMER_DIGITS:]
        whole = account_no(partner, customer)
        account = {"partnerServiceId": whole[:-CUSTOMER_DIGITS], "customerNo": customer, "virtualAccountNo": whole}
        told = self.call(ACCOUNT_STATUS, {**account, **dict.fromkeys(numbers, reference)})
        if told.get("responseCode") in NOBODY_PAID:
            return Said(UNKNOWN, 0, reference)
        data = told.get("virtualAccountData")
        if not isinstance(data, dict) or str(data.get("virtualAccountNo")).strip() != about or data.get(numbers[-1]) != reference:
            raise BankAway("answer-unreadable")
        return _said(data.get("paymentFlagStatus"), data.get("paidAmount"), data.get("paymentRequestId"))


def _said(status: Any, money: Any, reference: Any) -> Said:
    """An answer in another currency, in parts of a rupiah or without the payment's number is none."""
    fits: Mapping[str, Any] = money if isinstance(money, dict) and money.get("currency") == "IDR" else {}
    value = RUPIAH.fullmatch(str(fits.get("value")))
    if not re.fullmatch("0[0-9]", str(status)) or value is None or not REFERENCE.fullmatch(str(reference)):
        raise BankAway("answer-unreadable")
    return Said(str(status), int(value[1]), str(reference))
