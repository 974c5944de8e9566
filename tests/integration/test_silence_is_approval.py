"""Another office is asked, says nothing in its time, and the permit does not wait for it any longer: its silence is recorded as approval."""

from typing import Any

from tests.integration.city import OFFICE_STEPS, City, until

TALL = {"answers": {"fungsi": "hunian_besar", "jumlah_lantai": 4, "luas_lantai_m2": "400"}}


def test_silence_past_the_clock_is_approval_where_the_type_says_so(city: City) -> None:
    ident = city.open_application(**TALL)
    path = f"/v1/permit-applications/{ident}"
    assert city.act(f"{path}/submission", "budi").status_code == 200
    for step, account, body in OFFICE_STEPS[:-1]:
        assert city.act(f"{path}/{step}", account, body, on=path).status_code < 300

    def asked() -> dict[str, Any]:
        (found,) = city.get(f"{path}/clearances", "budi")["items"]
        return dict(found)

    assert (asked()["office"], asked()["silence"], asked()["answer"]) == ("DAMKARMAT", "approval", None)
    refused = city.act(f"{path}/approval", "approver-dpmptsp", on=path)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/clearances-open")
    city.move_clock("+30d")
    said = until(lambda: asked() if asked()["answer"] else None)
    assert (said["answer"], said["by_silence"]) == ("approved", True)
    assert city.act(f"{path}/approval", "approver-dpmptsp", on=path).status_code == 200
