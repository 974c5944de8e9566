"""Building permits for everybody: what was permitted where and when, and nobody's name."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from licensing.model.permit import Permit
from licensing.rules.map_grid import Box, cells_of, overlap
from licensing.use_cases.permit_types import permit_types
from smartcity.calendar import day_of
from smartcity.errors import InputWrong
from smartcity.regions import city_box

COLUMNS = ("number", "permit_type", "status", "kelurahan_code", "kecamatan_code", "month", "latitude", "longitude")
_READ = (
    Permit.id, Permit.number, Permit.permit_type, Permit.status, Permit.kelurahan_code, Permit.issued_at, Permit.latitude, Permit.longitude,
    Permit.cell,
)  # fmt: skip
DECIMALS, MOST_NAMED = 4, 30


def published(permit_type: str) -> sa.Select[Permit]:
    """Every permit of a building that was issued; of a holder nothing is read. Raises `InputWrong` for what is no building's permit."""
    if permit_type not in {kind.code for kind in permit_types() if kind.is_building}:
        raise InputWrong({"permit_type": ["not-in-table"]})
    return sa.select(Permit).options(load_only(*_READ, raiseload=True)).where(Permit.permit_type == permit_type)


def inside(query: sa.Select[Permit], box: Box) -> sa.Select[Permit]:
    """Those of `query` inside west, south, east, north; ordered by `cell`, `id` an index finds them square by square.

    A large box is read through from its first square to its last: naming each would be looked up again for every page.
    """
    common = overlap(box, city_box())
    if common is None:
        return query.where(sa.false())
    west, south, east, north = common
    cells = cells_of(common)
    squares = Permit.cell.in_(cells) if len(cells) <= MOST_NAMED else Permit.cell.between(cells[0], cells[-1])
    return query.where(squares, Permit.latitude.between(south, north), Permit.longitude.between(west, east))


def rows(permits: Iterable[Permit]) -> list[dict[str, Any]]:
    """`COLUMNS` of each. Where a permit stands is told to about ten metres, when it was issued by the month."""
    return [
        {
            "number": one.number,
            "permit_type": one.permit_type,
            "status": one.status.value,
            "kelurahan_code": one.kelurahan_code,
            "kecamatan_code": one.kelurahan_code[:8],
            "month": f"{day_of(one.issued_at):%Y-%m}",
            "latitude": None if one.latitude is None else round(one.latitude, DECIMALS),
            "longitude": None if one.longitude is None else round(one.longitude, DECIMALS),
        }
        for one in permits
    ]


def feature(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a feature of GeoJSON (RFC 7946); without geometry where the position was not given."""
    properties = {name: value for name, value in row.items() if name not in ("latitude", "longitude")}
    point = None if row["latitude"] is None else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    return {"type": "Feature", "id": row["number"], "geometry": point, "properties": properties}
