"""QRIS: the merchant-presented payload of EMVCo as text, written strictly and read leniently.

TLV: two-digit tag, two-digit decimal length in characters, value. Tag 00 first, 63 (the CRC) last, the others in any
order. CRC-16/CCITT-FALSE over the UTF-8 bytes up to and including `6304`.
"""

from binascii import crc_hqx
from dataclasses import dataclass

LONGEST_LABEL, LONGEST_NAME, LONGEST_CITY = 25, 25, 15
NATIONAL_DOMAIN = "ID.CO.QRIS.WWW"
RUPIAH = "360"


class PayloadWrong(ValueError):
    """The text is no QRIS payload: lengths, order or CRC do not hold."""


@dataclass(frozen=True)
class Merchant:
    """The city as the acquirer registered it. `pan` 9360 + issuer + account; `nmid` `ID` + 13 digits; `criteria` e.g. `URE`."""

    domain: str
    pan: str
    merchant_id: str
    criteria: str
    nmid: str
    category: str
    name: str
    city: str
    postal_code: str


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE of the UTF-8 bytes, four upper-case hexadecimal digits: `123456789` gives `29B1`."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def element(tag: str, value: str) -> str:
    """One TLV element. Raises `ValueError` for a tag that is not two digits or a value that is empty or over 99 characters."""
    if len(tag) != 2 or not tag.isdecimal() or not 1 <= len(value) <= 99:
        raise ValueError(f"element {tag!r} must have a two-digit tag and 1 to 99 characters")
    return f"{tag}{len(value):02}{value}"


def parse(payload: str) -> list[tuple[str, str]]:
    """The elements of a payload, in its order. Raises `PayloadWrong` where a length runs over the end or a tag is no number."""
    found, at = [], 0
    while at < len(payload):
        tag, length = payload[at : at + 2], payload[at + 2 : at + 4]
        value = payload[at + 4 : at + 4 + int(length)] if _number(tag) and _number(length) else None
        if value is None or len(value) != int(length):
            raise PayloadWrong(f"element at character {at} is broken")
        found.append((tag, value))
        at += 4 + len(value)
    return found


def _number(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isdecimal()


def read(payload: str) -> list[tuple[str, str]]:
    """The elements of a whole payload. Raises `PayloadWrong` unless 00 is first, 63 last and the CRC is right."""
    found = parse(payload)
    if len(found) < 2 or found[0] != ("00", "01") or found[-1][0] != "63" or len(found[-1][1]) != 4:
        raise PayloadWrong("tag 00 must be first and 63 last")
    if found[-1][1] != checksum(payload[:-4]):
        raise PayloadWrong("the CRC is wrong")
    return found


def label(number: str, account_no: str) -> str:
    """What a code calls its bill: the bill's number, or its virtual account where the number has no room; the acquirer gives it back."""
    return number if len(number) <= LONGEST_LABEL else account_no


def dynamic_payload(merchant: Merchant, amount: int, label: str) -> str:
    """The payload of one bill: fixed `amount` in whole rupiah, `label` (at most 25 characters) as its bill number.

    Raises `ValueError` for an amount that is not positive, or a name, city or label that EMVCo has no room for.
    """
    if amount <= 0:
        raise ValueError("a dynamic code asks for a positive amount")
    if len(merchant.name) > LONGEST_NAME or len(merchant.city) > LONGEST_CITY or not 1 <= len(label) <= LONGEST_LABEL:
        raise ValueError("name, city or label is too long")
    account = (
        element("00", merchant.domain)
        + element("01", merchant.pan)
        + element("02", merchant.merchant_id)
        + element("03", merchant.criteria)
    )
    national = element("00", NATIONAL_DOMAIN) + element("02", merchant.nmid) + element("03", merchant.criteria)
    parts = (
        ("00", "01"), ("01", "12"), ("26", account), ("51", national), ("52", merchant.category), ("53", RUPIAH), ("54", str(amount)),
        ("58", "ID"), ("59", merchant.name), ("60", merchant.city), ("61", merchant.postal_code), ("62", element("01", label)),
    )  # fmt: skip
    body = "".join(element(tag, value) for tag, value in parts) + "6304"
    return body + checksum(body)
