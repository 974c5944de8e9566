"""What came to no entry, and the scans behind an entry, are kept for their time and no longer; the register is for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.name_sound import NameSound
from civil_registry.model.registration_person import RegistrationPerson
from civil_registry.use_cases import retention
from civil_registry.use_cases.chains import CHAINS, first_broken
from civil_registry.use_cases.registry_data import retention as lengths
from smartcity import clock as city_clock
from smartcity import due, files

BIRTHS = "/v1/birth-registrations"
PEOPLE = ("Aisyah", "Siti Lubis", "Budi Siregar", "Rina Tarigan", "Hendra", "Tiur Pasaribu", "Pirngadi", "1271", "3174")


@pytest.fixture
def after(session: Session, clock: Any, run_due: Callable[[], list[str]]) -> Callable[[float], None]:
    """So many days later, the nightly run done."""

    def later(days: float) -> None:
        clock.set(city_clock.now() + timedelta(days=days))
        due.schedule(session, retention.ERASE, "all", city_clock.now())
        session.commit()
        assert "failed" not in run_due()

    return later


def shown(desk: Any, path: str) -> Any:
    answer = desk.client.get(path, headers=desk.citizen())
    assert answer.status_code == 200, answer.json
    return answer


def case_of(desk: Any, path: str) -> dict[str, Any]:
    lines = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    (line,) = (line for line in lines if path.endswith(line["id"]))
    return dict(line)


@pytest.mark.parametrize("made", ["birth", "death"])
@pytest.mark.parametrize(("steps", "status"), [((), "draft"), (("submission", "returns"), "returned")])
def test_what_is_not_handed_in_is_kept_until_the_day_that_was_told(
    desk: Any, session: Session, after: Any, made: str, steps: tuple[str, ...], status: str
) -> None:
    path = desk.reported(made, *steps)
    days = lengths()[status].days
    until = (city_clock.now() + timedelta(days=days)).isoformat()[:19]
    assert case_of(desk, path)["deadline"][:19] == until
    after(days - 0.5)
    assert "1271014101800003" in shown(desk, path).text
    after(1)
    text = shown(desk, path)
    assert not [one for one in PEOPLE if one in text.text.replace("12.71", "").replace(str(text.json["number"]), "")]
    assert (text.json["status"], text.json["documents"]) == ("withdrawn", [])
    assert (text.json["history"][-1]["status"], text.json["history"][-1]["reason_code"]) == ("withdrawn", "kept-no-longer")
    assert case_of(desk, path)["deadline"] is None
    assert kept(session) == (0, 0, 0)


def kept(session: Session) -> tuple[int, ...]:
    session.rollback()
    return tuple(
        session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in (RegistrationPerson, NameSound, files.StoredFile)
    )


@pytest.mark.parametrize(("made", "model"), [("birth", BirthRegistration), ("death", DeathRegistration)])
def test_what_was_taken_back_is_erased_once_and_says_so_once(desk: Any, session: Session, after: Any, made: str, model: Any) -> None:
    path = desk.reported(made, "submission")
    body = {"reason_code": "mistaken"}
    assert desk.client.post(f"{path}/withdrawal", json=body, headers=desk.citizen()).status_code == 200
    after(lengths()["withdrawn"].days - 1)
    assert "Budi Siregar" in shown(desk, path).text
    for _ in range(2):
        after(2)
        reasons = [line["reason_code"] for line in shown(desk, path).json["history"][-2:]]
        assert reasons == ["mistaken", "kept-no-longer"] and "Budi Siregar" not in shown(desk, path).text
    assert session.scalars(sa.select(model.erased_at)).one() is not None


def test_the_bytes_of_the_papers_are_taken_away_too(desk: Any, session: Session, after: Any) -> None:
    desk.filed()
    keys = list(session.scalars(sa.select(files.StoredFile.key)))
    for key in keys:
        files.store().get(key).close()
    after(lengths()["draft"].days + 1)
    for key in keys:
        with pytest.raises(FileNotFoundError):
            files.store().get(key)
    assert len(keys) == 4


@pytest.mark.parametrize(("made", "route"), [("birth", "/v1/birth-registrations"), ("death", "/v1/death-registrations")])
def test_of_an_entry_the_scans_go_after_ten_years_and_nothing_else(desk: Any, session: Session, after: Any, made: str, route: str) -> None:
    path = desk.reported(made, "submission", "verification", "registration", "signature")
    before = shown(desk, path).json
    number = before["record_no"]
    entry, paper = (shown(desk, f"/v1/{place}") for place in (f"civil-records/{number}", f"certificates/{number}/document"))
    after(3652)
    assert len(shown(desk, path).json["documents"]) == len(before["documents"]) > 0
    after(2)
    now = shown(desk, path).json
    assert (now["status"], now["documents"], now["history"][-1]["reason_code"]) == ("issued", [], "kept-no-longer")
    people = "child" if made == "birth" else "deceased"
    assert (now[people], now["reporter"], now["witnesses"]) == (before[people], before["reporter"], before["witnesses"])
    assert shown(desk, f"/v1/civil-records/{number}").json == entry.json
    assert shown(desk, f"/v1/certificates/{number}/document").data == paper.data
    assert [first_broken(session, chain) for chain in CHAINS] == [None] * len(CHAINS)
    after(3)
    assert len(shown(desk, path).json["history"]) == len(now["history"])


def test_what_the_office_has_in_hand_is_kept_however_long_it_takes(desk: Any, session: Session, after: Any) -> None:
    path = desk.reported("birth", "submission")
    after(4000)
    assert "Budi Siregar" in shown(desk, path).text and len(shown(desk, path).json["documents"]) == 4
    assert session.scalar(sa.select(sa.func.count()).select_from(BirthRecord)) == 0


def test_a_paper_shown_for_twins_stays_as_long_as_one_of_them_is_kept(desk: Any, session: Session, after: Any) -> None:
    twin = {**desk.birth()["child"], "name": "Nur Aini Siregar", "twin_order": 2}
    ident = desk.filed(child={"twin_order": 1}, siblings=[twin])
    other = desk.show(ident)["siblings"][0]
    body = {"reason_code": "mistaken"}
    assert desk.client.post(f"{BIRTHS}/{other}/withdrawal", json=body, headers=desk.citizen()).status_code == 200
    assert desk.step(ident, "submission").status_code == 200
    after(lengths()["withdrawn"].days + 1)
    papers = shown(desk, f"{BIRTHS}/{ident}/documents").json["items"]
    assert len(papers) == 4 and shown(desk, f"{BIRTHS}/{other}/documents").json["items"] == []
    assert shown(desk, f"{BIRTHS}/{ident}/documents/{papers[0]['id']}").data.startswith(b"%PDF")
