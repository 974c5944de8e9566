"""The annex of the permit's paper: technical data, the retribution step by step, conditions."""

import re
from collections.abc import Mapping
from typing import Any

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.use_cases.permit_types import PermitType
from smartcity.calendar import long_day
from smartcity.money import format_rupiah

SAMPLE = "Tarif yang dipakai adalah contoh dan menunggu konfirmasi peraturan daerah."
DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
CLASS = re.compile(r"\([a-z_]+(?=[):])")
NAME = re.compile(r"[A-Za-z]+(?:[_.][a-z0-9]+)+")


def annex(permit: Permit, kind: PermitType, application: PermitApplication, technical: list[list[str]]) -> dict[str, Any]:
    """What the annex prints: JSON-ready texts."""
    assessment = application.assessments[-1]
    found = assessment.calculation
    labels = {document["kind"]: document["label"] for document in kind.documents}
    shown = dict.fromkeys(labels[document.kind] for document in application.documents if document.kind in labels)
    tariff = found.get("tariff")
    return {
        "technical": [*technical, ["Dokumen permohonan", "; ".join(shown)]],
        "rules": found["legal_basis"],
        "assessed_on": long_day(assessment.assessed_on),
        "steps": [_step(step) for step in found["steps"]] if assessment.total or len(found["steps"]) > 1 else [],
        "free": f"Tidak dikenakan retribusi ({kind.fee['legal_basis']}).",
        "sample": SAMPLE if tariff and tariff["sample"] else None,
        "total": format_rupiah(permit.retribution_total),
        "conditions": kind.printed["conditions"],
    }


def _step(step: Mapping[str, str]) -> dict[str, str]:
    """As people here write numbers: a decimal comma, rupiah with their points, words without underscores."""
    value, unit = step["value"], step["unit"]
    whole = unit == "Rp" and value.isdigit()
    return {
        "symbol": _words(step["symbol"]),
        "expression": NAME.sub(lambda found: _words(found[0]), comma(step.get("expression", ""))),
        "formula": CLASS.sub(lambda found: found[0].replace("_", " "), comma(step["formula"])),
        "legal_basis": step["legal_basis"],
        "value": format_rupiah(int(value)) if whole else f"{comma(value)} {unit}".strip(),
    }


def _words(symbol: str) -> str:
    """`total_rp` as "total (Rp)", `Ip_kompleksitas` and `keringanan.mbr` with spaces."""
    return re.sub(r"_rp$", " (Rp)", symbol).replace("_", " ").replace(".", " ")


def comma(text: str) -> str:
    """Numbers as they are written here."""
    return DECIMAL_POINT.sub(",", text)
