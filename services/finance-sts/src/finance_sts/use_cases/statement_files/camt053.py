"""camt.053 (ISO 20022), any version: elements are known by their local names. Read as a stream; a DTD or an entity ends it."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from finance_sts.rules.statement import CURRENCY, Line, Statement, StatementWrong, plain, references, rupiah

SIGNS = {"CRDT": 1, "DBIT": -1}
REFERENCES = ("EndToEndId", "AcctSvcrRef", "TxId", "InstrId", "MsgId", "NtryRef", "Ref")


def read(content: bytes) -> Statement:
    """The one statement of the file. Raises `StatementWrong`: `statement-has-entities`, `statement-not-one`, `statement-unreadable`."""
    head: dict[str, Any] = {"Bal": {}}
    lines: list[Line] = []
    try:
        for path, element in _elements(content):
            _take(head, lines, path, element)
    except DefusedXmlException:
        raise StatementWrong("statement-has-entities") from None
    except (ParseError, LookupError):
        raise StatementWrong("statement-unreadable") from None
    if "Id" not in head or not {"OPBD", "CLBD"} <= set(head["Bal"]):
        raise StatementWrong("statement-unreadable")
    (opening, opened_on, currency), (closing, closed_on, _) = head["Bal"]["OPBD"], head["Bal"]["CLBD"]
    return Statement(head["Id"], head.get("Acct", ""), currency, opening, closing, opened_on, closed_on, tuple(lines))


def _elements(content: bytes) -> Iterator[tuple[str, Element]]:
    """Every part of a statement as it ends, with its name below `Stmt`; what was read is forgotten."""
    open_names: list[str] = []
    for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            open_names.append(name)
            if open_names[:1] != ["Document"] or open_names[1:2] not in ([], ["BkToCstmrStmt"]) or len(open_names) > 40:
                raise StatementWrong("statement-unreadable")
            continue
        open_names.pop()
        if open_names == ["Document", "BkToCstmrStmt"] and name == "Stmt":
            yield "Stmt", element
            element.clear()
        elif open_names == ["Document", "BkToCstmrStmt", "Stmt"]:
            yield name, element
            element.clear()


def _take(head: dict[str, Any], lines: list[Line], path: str, element: Element) -> None:
    if path == "Stmt":
        if head.get("whole"):
            raise StatementWrong("statement-not-one")
        head["whole"] = True
    elif path == "Id":
        head["Id"] = plain(element.text or "", 80)
    elif path == "Acct":
        head["Acct"] = _text(_below(element, "Id"), "IBAN") or _text(_below(element, "Id", "Othr"), "Id")
    elif path == "Bal":
        code = _text(_below(element, "Tp", "CdOrPrtry"), "Cd")
        head["Bal"].setdefault(code, (_amount(element), _day(element, "Dt"), _currency(element)))
    elif path == "Ntry" and _status(element) == "BOOK":
        lines.extend(_lines(element))


def _lines(entry: Element) -> list[Line]:
    """A line for the entry; for each of its transactions where the bank booked several in one and says what each is."""
    if _currency(entry) != CURRENCY:
        raise StatementWrong("statement-currency-unknown", currency=_currency(entry)[:10])
    whole, sign = _amount(entry), SIGNS[_text(entry, "CdtDbtInd")]
    parts = [(one, _part(one, sign)) for one in entry.iter() if _local(one) == "TxDtls"]
    told = [(one, amount) for one, amount in parts if amount is not None]
    if len(parts) < 2 or len(told) < len(parts):
        return [_line(entry, entry, whole)]
    computed = sum(amount for _, amount in told)
    if computed != whole:
        raise StatementWrong("statement-balance-broken", computed=computed, closing=whole)
    return [_line(entry, one, amount) for one, amount in told]


def _part(transaction: Element, sign: int) -> int | None:
    """Its own amount (in version 02 below `AmtDtls`), signed as its entry where it has no sign of its own."""
    said = next((one for one in (transaction, _below(transaction, "AmtDtls", "TxAmt")) if _text(one, "Amt")), None)
    if said is None:
        return None
    if _currency(said) != CURRENCY:
        raise StatementWrong("statement-currency-unknown", currency=_currency(said)[:10])
    amount, own = rupiah(_text(said, "Amt")), _text(transaction, "CdtDbtInd")
    if amount < 0:
        raise StatementWrong("statement-unreadable")
    return amount * (SIGNS[own] if own else sign)


def _line(entry: Element, about: Element, amount: int) -> Line:
    """What the entry, or `about` one transaction of it, says."""
    booked = _day(entry, "BookgDt")
    value = _day(entry, "ValDt") if _below(entry, "ValDt") is not None else booked
    texts = [(_local(one), one.text or "") for one in about.iter() if one.text and one.text.strip()]
    narrative = plain(" ".join(text for name, text in texts if name in ("Ustrd", "AddtlNtryInf", "AddtlTxInf", "Nm")))
    named = [text for wanted in REFERENCES for name, text in texts if name == wanted]
    kind = _text(_below(entry, "BkTxCd", "Prtry"), "Cd") or _text(_below(entry, "BkTxCd", "Domn", "Fmly"), "SubFmlyCd")
    return Line(value, booked, amount, references(named, narrative), narrative, plain(kind, 40))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _below(element: Element | None, *names: str) -> Element | None:
    for name in names:
        element = next((one for one in (element if element is not None else ()) if _local(one) == name), None)
    return element


def _text(element: Element | None, name: str) -> str:
    found = _below(element, name)
    return plain(found.text or "", 80) if found is not None else ""


def _status(entry: Element) -> str:
    """`BOOK` in a plain `Sts` (versions 02 to 07) or in its `Cd` (from 08 on)."""
    return _text(entry, "Sts") or _text(_below(entry, "Sts"), "Cd")


def _currency(element: Element | None) -> str:
    found = _below(element, "Amt")
    return found.get("Ccy", "") if found is not None else ""


def _amount(element: Element) -> int:
    """Signed: an entry's amount is never negative, its indicator says which way. (A reversal's indicator is that of the reversal.)"""
    amount = rupiah(_text(element, "Amt"))
    if amount < 0:
        raise StatementWrong("statement-unreadable")
    return amount * SIGNS[_text(element, "CdtDbtInd")]


def _day(element: Element, name: str) -> date:
    """A `Dt`, or the day of a `DtTm`."""
    found = _below(element, name)
    return date.fromisoformat((_text(found, "Dt") or _text(found, "DtTm"))[:10])
