import pytest

from smartcity import offices, regions


def test_medan_has_twenty_one_kecamatan_and_one_hundred_and_fifty_one_kelurahan() -> None:
    assert len(regions.all_kecamatan()) == 21
    assert len(regions.all_kelurahan()) == 151
    assert all(place.code.startswith(place.kecamatan.code + ".") for place in regions.all_kelurahan())


def test_a_kelurahan_knows_its_kecamatan() -> None:
    found = regions.kelurahan("12.71.01.1001")
    assert found is not None
    assert (found.name, found.kecamatan.name, found.kecamatan.nik_code) == ("Pasar Baru", "Medan Kota", "127101")
    assert found in regions.all_kelurahan("12.71.01")


@pytest.mark.parametrize("code", ["", "12.71", "12.71.99", "12.71.01.9999", "127101", "32.73.01"])
def test_a_code_that_medan_does_not_have_is_none(code: str) -> None:
    assert regions.kecamatan(code) is None
    assert regions.kelurahan(code) is None
    assert regions.all_kelurahan(code) == ()


def test_the_city_box_holds_the_town_hall_and_belawan_but_not_jakarta() -> None:
    assert regions.in_city_box(3.5952, 98.6722)
    assert regions.in_city_box(3.78, 98.69)
    assert not regions.in_city_box(-6.2, 106.8)
    assert not regions.in_city_box(98.6722, 3.5952)
    west, south, east, north = regions.city_box()
    assert west < east and south < north
    assert regions.in_city_box(south, west) and regions.in_city_box(north, east) and not regions.in_city_box(south, east + 0.001)


def test_an_office_has_its_indonesian_name() -> None:
    found = offices.office("DPMPTSP")
    assert found is not None
    assert found.name == "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"


def test_the_older_code_of_the_treasury_finds_it() -> None:
    assert offices.office("BPKAD") == offices.office("BKAD")
    assert offices.office_name("BPKAD") == "Badan Keuangan dan Aset Daerah"


def test_an_unknown_office_is_none_and_prints_its_code() -> None:
    assert offices.office("NASA") is None
    assert offices.office_name("NASA") == "NASA"


def test_the_demo_offices_are_there() -> None:
    codes = {office.code for office in offices.all_offices()}
    assert {"DPMPTSP", "BKAD", "DISDUKCAPIL", "SDABMBK", "DISKOMINFO", "SETDA"} <= codes
