"""The clock of the office stops while the applicant repairs: days that are theirs are not counted, and nobody is rung for them; for a step that the office keeps somebody is."""

from tests.integration.city import City, until

PATH = "/v1/permit-applications"
WHY = {"reason_code": "documents-unreadable", "reasons": ["Gambar tidak terbaca."]}


def test_the_clock_stops_while_the_application_is_returned(city: City) -> None:
    ident, kept = city.open_application(), city.open_application()
    assert city.act(f"{PATH}/{kept}/submission", "budi").status_code == 200
    path = f"{PATH}/{ident}"
    assert city.act(f"{path}/submission", "budi").status_code == 200
    running = city.application(ident)["clock"]
    assert (running["role"], running["used"]) == ("officer", 0)
    assert "PP 16/2021" in running["legal_basis"]
    assert city.act(f"{path}/returns", "petugas-dpmptsp", WHY, on=path).status_code == 200
    city.move_clock("+21d")
    standing = city.application(ident)
    assert (standing["clock"], standing["status"]) == (None, "returned")
    assert standing["lapses_on"] is not None
    assert city.act(f"{path}/submission", "budi").status_code == 200
    again = city.application(ident)["clock"]
    assert (again["days"], again["escalated"]) == (running["days"], 0)
    assert again["used"] <= 1  # the day it was given back on, where midnight came between
    assert again["due_on"] > running["due_on"]
    until(lambda: city.application(kept)["clock"]["escalated"] == 150)
