"""The demonstration's data: invented people, fixed keys, put in over HTTP as they would do it. Doing it again changes nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from smartcity_local import permit_story
from smartcity_local.city import City
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place
from smartcity_local.suite import members

MARK = "seeded"
VERSION = "1"


def is_sown(place: Place) -> bool:
    """Has this clone its data?"""
    try:
        return (place.run / MARK).read_text() == VERSION
    except OSError:
        return False


def sow(place: Place) -> Iterator[str]:
    """Put in what the services of this clone can take; tells what was put in."""
    there = {member.name for member in members(place)}
    if "gateway" not in there or "identity" not in there:
        return
    city = City(place, seed=True)
    try:
        for name, needs, put in PIECES:
            if needs <= there:
                put(city)
                yield name
    finally:
        city.close()
    (place.run / MARK).write_text(VERSION)


def a_permit_in_every_state(city: City) -> None:
    """A draft, one with the office, one that waits for its money, one issued."""
    city.post(
        "siti", permit_story.APPLICATIONS, {**permit_story.PARTICULARS, **_SITI, "site_address": "Jalan Karya Jaya 5, Medan"}, "draft"
    )
    _once(lambda: permit_story.file(city, "siti", "filed", **_SITI))
    waiting = _once(lambda: permit_story.file(city, "budi", "waiting", site_address="Jalan Bromo 17, Medan"))
    if waiting:
        permit_story.examine(city, waiting)
        permit_story.assess(city, waiting, luas_lantai_m2="54")
    ident = _once(lambda: permit_story.file(city, "budi", "issued", site_address="Jalan Denai 88, Medan"))
    if ident:
        permit_story.examine(city, ident)
        permit_story.assess(city, ident)
        permit_story.pay_at_the_bank(city, permit_story.bill_of(city, "budi", ident))
        permit_story.issued(city, "budi", ident)


_Step = tuple[str, str, dict[str, Any]]


def complaints_on_the_map(city: City) -> None:
    """One just filed, one with the office, one in work, one not the city's."""
    for name, steps, hole in _COMPLAINTS:
        _once(partial(_brought_on, city, city.post("siti", "/v1/complaints", {**_PLACE, **hole}, name)["id"], steps))


def _brought_on(city: City, ident: str, steps: list[_Step]) -> str:
    for account, step, body in steps:
        city.act(account, f"/v1/complaints/{ident}", step, body)
    return ident


_PLACE = {"kelurahan_code": "12.71.01.1001", "address": "Jalan Sisingamangaraja 40", "latitude": 3.5796, "longitude": 98.6869}
_READ: _Step = ("admin-pengaduan", "verification", {"result": "verified"})
_LAID: _Step = ("admin-pengaduan", "disposition", {})
_BEGUN: _Step = ("petugas-pu", "follow-up", {"note": "Regu meninjau lokasi besok pagi."})
_ELSEWHERE = {"result": "archived", "reason_code": "not-the-citys", "forwarded_to": "EKSTERNAL_PLN"}
_COMPLAINTS: tuple[tuple[str, list[_Step], dict[str, Any]], ...] = (
    ("hole", [_READ, _LAID, _BEGUN],
     {"category": "jalan_rusak", "title": "Lubang besar di tengah jalan", "text": "Sudah dua minggu, sepeda motor jatuh setiap malam."}),
    ("drain", [_READ, _LAID],
     {"category": "drainase", "title": "Parit tersumbat", "text": "Air meluap ke jalan setiap hujan.", "latitude": 3.5852, "longitude": 98.6756}),
    ("rubbish", [],
     {"category": "sampah", "title": "Sampah menumpuk", "text": "Sudah seminggu tidak diangkut.", "latitude": 3.5921, "longitude": 98.6812}),
    ("power", [("admin-pengaduan", "verification", _ELSEWHERE)],
     {"category": "listrik", "title": "Listrik padam", "text": "Padam setiap malam sejak Senin.", "latitude": 3.5699, "longitude": 98.6893}),
)  # fmt: skip
_SITI = {"applicant_name": "Siti Lubis", "applicant_address": "Jalan Halat 3, Medan"}


def _once(put: Callable[[], str]) -> str:
    """What was put in before refuses its steps a second time, and is left as it is."""
    try:
        return put()
    except CannotGoOn as refused:
        if "answered 409" in str(refused):
            return ""
        raise


PIECES: tuple[tuple[str, set[str], Callable[[City], None]], ...] = (
    ("permits: a draft, one filed, one that waits for its money, one issued", {"licensing", "finance-sts"}, a_permit_in_every_state),
    ("complaints: one just filed, one with the office, one in work, one not the city's", {"complaints"}, complaints_on_the_map),
)
