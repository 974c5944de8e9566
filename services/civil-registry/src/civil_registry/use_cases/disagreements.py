"""What an officer should look at twice. A warning never refuses: registry data and numbers do differ (UU 24/2013 Pasal 64)."""

from collections.abc import Mapping
from typing import Any, Literal

from smartcity.identity_number import parse_nik

PARENTS: tuple[tuple[str, Literal["male", "female"]], ...] = (("mother", "female"), ("father", "male"))


def warnings_of(details: Mapping[str, Any]) -> list[dict[str, str]]:
    """Field and code of what does not agree."""
    found = []
    for parent, sex in PARENTS:
        said = details.get(parent)
        if said and said.get("nik") and said.get("born_on") and not parse_nik(said["nik"]).fits(said["born_on"], sex):
            found.append({"field": f"{parent}.nik", "code": "nik-differs-from-birth-date-or-sex"})
    if said := details.get("reporter"):
        witnesses = {witness["nik"] for witness in details["witnesses"]}
        if said["nik"] in witnesses:
            found.append({"field": "reporter.nik", "code": "reporter-is-witness"})
    return found
