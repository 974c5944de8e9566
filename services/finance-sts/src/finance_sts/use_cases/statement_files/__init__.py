"""A bank's file, whatever its format, becomes one `rules.statement.Statement`."""

from collections.abc import Callable
from decimal import DecimalException

from finance_sts.rules.statement import Statement, StatementWrong, must_hold
from finance_sts.use_cases.bank_accounts import csv_mapping
from finance_sts.use_cases.statement_files import camt053, csv_file, mt940_file


def read(content: bytes, mapping: str | None) -> tuple[str, Statement]:
    """Format and statement of a file: camt.053, MT940, or CSV by a declared mapping.

    Raises `StatementWrong` and nothing else, whatever the bytes are.
    """
    name, reader = _reader(content, mapping)
    try:
        statement = reader(content)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, DecimalException) as error:
        if isinstance(error, StatementWrong):
            raise
        raise StatementWrong("statement-unreadable") from None  # a format's library may stumble over anything
    must_hold(statement)
    return name, statement


def _reader(content: bytes, mapping: str | None) -> tuple[str, Callable[[bytes], Statement]]:
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if mapping is not None:
        declared = csv_mapping(mapping)
        return "csv", lambda found: csv_file.read(found, declared)
    if start.startswith(b"<"):
        return "camt.053", camt053.read
    if b":20:" in start:
        return "mt940", mt940_file.read
    raise StatementWrong("statement-unreadable")
