"""Relief and exemption: shares of the retribution that are taken off, each an explicit step with its legal basis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from licensing.rules.retribution.steps import Calculation, Impossible, Step, exact, plain
from smartcity.money import rupiah

GROSS = "jumlah"


@dataclass(frozen=True)
class Relief:
    """A `share` (0 to 1) of the step `of` (`jumlah`: the sum before relief). `sample`: the share is not the city's enacted one."""

    code: str
    label: str
    rule_sets: tuple[str, ...]
    share: Decimal
    of: str
    sample: bool
    legal_basis: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """May it be granted to an application of `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def relieved(calculation: Calculation, granted: Sequence[Mapping[str, Any]], reliefs: Mapping[str, Relief]) -> Calculation:
    """The calculation less every relief of `granted` (`kode`, and `keputusan` that grants it); unchanged without any.

    Each is a share of the amount before relief, so their order changes nothing. Raises `Impossible` for a code that is not in `reliefs`
    or named twice, and for more relief than there is retribution.
    """
    if not granted:
        return calculation
    *before, total, total_rp = calculation.steps
    amounts = {step.symbol: Decimal(step.value) for step in before} | {GROSS: Decimal(total.value)}
    steps = [*before, replace(total, symbol=GROSS)]
    with exact():
        taken = Decimal(0)
        for position, grant in enumerate(granted):
            relief = _named(grant["kode"], position, granted, reliefs)
            amount = relief.share * amounts[relief.of]
            taken += amount
            steps.append(_step(relief, amount, grant.get("keputusan")))
        net = amounts[GROSS] - taken
    if net < 0:
        raise Impossible(("keringanan",), "relief-too-large")
    names = [step.symbol for step in steps[len(before) + 1 :]]
    steps.append(replace(total, value=plain(net), formula="jumlah − Σ keringanan", expression=" − ".join((GROSS, *names))))
    steps.append(replace(total_rp, value=str(rupiah(net))))
    less = {GROSS: total.value, "keringanan": {step.symbol.partition(".")[2]: step.value for step in steps[len(before) + 1 : -2]}}
    values = {**calculation.values, **less, "total": plain(net), "total_rp": rupiah(net)}
    return Calculation(rupiah(net), values, tuple(steps))


def _named(code: str, position: int, granted: Sequence[Mapping[str, Any]], reliefs: Mapping[str, Relief]) -> Relief:
    if code not in reliefs:
        raise Impossible(("keringanan", position, "kode"), "relief-not-given")
    if code in {grant["kode"] for grant in granted[:position]}:
        raise Impossible(("keringanan", position, "kode"), "given-twice")
    return reliefs[code]


def _step(relief: Relief, amount: Decimal, decision: str | None) -> Step:
    basis = f"{relief.legal_basis}; {decision}" if decision else relief.legal_basis
    said = f"{relief.label}: bagian yang diringankan dari {relief.of}"
    return Step(f"keringanan.{relief.code}", plain(amount), "Rp", said, basis, f"{plain(relief.share)} × {relief.of}")
