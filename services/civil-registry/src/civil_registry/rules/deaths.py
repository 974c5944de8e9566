"""What cannot be of a death: one still to come, before the birth, a reporter who is the deceased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def impossible_death(details: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Codes by field (nested like the request; dates as dates, `now` in Medan) of what cannot be; empty when all of it can."""
    deceased = details["deceased"]
    wrong: dict[str, Any] = {}
    if (deceased["died_on"].isoformat(), deceased["died_at"] or "00:00") > (now.date().isoformat(), now.strftime("%H:%M")):
        wrong["deceased"] = {"died_on": ["death-in-the-future"]}
    elif deceased.get("born_on") and deceased["died_on"] < deceased["born_on"]:
        wrong["deceased"] = {"died_on": ["death-before-birth"]}
    niks = [witness["nik"] for witness in details["witnesses"]]
    if len(set(niks)) < len(niks):
        wrong["witnesses"] = ["witness-twice"]
    if deceased.get("nik") and deceased["nik"] in (details["reporter"]["nik"], *niks):
        wrong["reporter"] = {"nik": ["reported-by-the-deceased"]}
    return wrong
