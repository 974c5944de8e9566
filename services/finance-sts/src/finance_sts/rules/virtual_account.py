"""Virtual account numbers: the bank's partner number, eight characters padded left with spaces, and the customer's number.

A customer's number has sixteen digits: year, serial, and a check digit (Luhn, ISO/IEC 7812-1), so that one wrong or
swapped digit is nobody's bill instead of somebody else's.
"""

PARTNER_LENGTH = 8
SERIAL_DIGITS = 11
CUSTOMER_DIGITS = 16
LARGEST_SERIAL = 10**SERIAL_DIGITS - 1


def customer_no(year: int, serial: int) -> str:
    """The number of the `serial`-th bill of `year`; raises `ValueError` when the year's numbers are used up."""
    if not 1 <= serial <= LARGEST_SERIAL:
        raise ValueError(f"a serial is between 1 and {LARGEST_SERIAL}")
    digits = f"{year:04}{serial:0{SERIAL_DIGITS}}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Luhn's check digit of `digits`."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def account_no(partner_service_id: str, customer: str) -> str:
    """The whole number: padded partner number and customer number; raises `ValueError` for a partner number over eight digits."""
    if not partner_service_id.isdecimal() or len(partner_service_id) > PARTNER_LENGTH:
        raise ValueError("a partner number has one to eight digits")
    return partner_service_id.rjust(PARTNER_LENGTH) + customer
