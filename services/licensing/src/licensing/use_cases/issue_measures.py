"""What a permit keeps of its application for figures and the map: where it stands, how long it took, whether the office kept its clocks."""

from datetime import date, datetime
from typing import Any

from licensing.model.permit_application import PermitApplication
from licensing.rules.map_grid import cell_of
from smartcity.calendar import day_of


def measured(application: PermitApplication, now: datetime) -> dict[str, Any]:
    """Columns of the permit that is issued `now`."""
    today, applied = day_of(now), application.applied_on
    days = (today - applied).days if applied else None
    return {**_place(application.position), "processing_days": days, "within_clock": _kept(application, today)}


def _place(position: dict[str, float] | None) -> dict[str, Any]:
    if position is None:
        return {}
    latitude, longitude = round(position["lat"], 6), round(position["lon"], 6)
    return {"latitude": latitude, "longitude": longitude, "cell": cell_of(latitude, longitude)}


def _kept(application: PermitApplication, today: date) -> bool:
    """Did every step stay within its clock, the one in hand included?"""
    return all(clock.kept(today) for clock in application.clocks)
