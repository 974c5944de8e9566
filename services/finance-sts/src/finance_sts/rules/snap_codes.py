"""SNAP BI: the codes of its answers. `responseCode` = HTTP status (3) + service (2) + case (2)."""

from dataclasses import dataclass

ACCESS_TOKEN, INQUIRY, PAYMENT, STATUS, QRIS_NOTICE = "73", "24", "25", "26", "52"
"""The services of SNAP BI that are spoken here."""
MOVES_MONEY = (PAYMENT, QRIS_NOTICE)
"""What was answered to these is kept, and answered again."""
PAID, UNDER_WAY = "00", ("01", "02", "03")
"""`latestTransactionStatus`: success; initiated, paying and pending. All others moved nothing and never will (memory)."""


@dataclass(frozen=True)
class Code:
    """An answer: HTTP status, case, message."""

    status: int
    case: str
    message: str

    def response_code(self, service: str) -> str:
        """The seven digits."""
        return f"{self.status}{service}{self.case}"


SUCCESS = Code(200, "00", "Successful")
BAD_REQUEST = Code(400, "00", "Bad Request")
INVALID_FORMAT = Code(400, "01", "Invalid Field Format")
MISSING_FIELD = Code(400, "02", "Missing Mandatory Field")
UNAUTHORIZED = Code(401, "00", "Unauthorized. Signature")
INVALID_TOKEN = Code(401, "01", "Invalid Token (B2B)")
NO_SUCH_PAYMENT = Code(404, "01", "Transaction Not Found")
NOT_FOUND = Code(404, "12", "Invalid Bill/Virtual Account")
INVALID_AMOUNT = Code(404, "13", "Invalid Amount")
ALREADY_PAID = Code(404, "14", "Paid Bill")
EXPIRED = Code(404, "19", "Invalid Bill/Virtual Account, expired")
DUPLICATE_EXTERNAL_ID = Code(409, "00", "Conflict")
DUPLICATE_REFERENCE = Code(409, "01", "Duplicate paymentRequestId")
GENERAL_ERROR = Code(500, "00", "General Error")
