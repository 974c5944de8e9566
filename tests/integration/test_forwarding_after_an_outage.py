"""SIMBG is away: the permit is issued all the same, told when SIMBG is back, and acknowledged exactly once."""

import json
from typing import Any

from tests.integration.city import City, until
from tests.integration.conftest import SHARE


def test_a_permit_is_issued_while_simbg_is_away_and_acknowledged_once_when_it_is_back(city: City) -> None:
    share = city.suite.place.root / SHARE
    ident, bill = city.assessed_bill()
    city.pay(bill)
    permit = until(lambda: city.permit_of(ident))
    path = f"/v1/permits/{permit['id']}/forwarding"

    def standing() -> dict[str, Any]:
        return dict(city.get(path, "petugas-dpmptsp"))

    assert (permit["status"], standing()["status"], standing()["system"]) == ("active", "not_forwarded", "SIMBG")
    for folder in ("outbox", "inbox"):
        (share / folder).mkdir(parents=True)
    city.move_clock("+2h")
    until(lambda: standing()["status"] == "forwarded")
    whole = (share / "outbox").glob("*.json")  # a file still being written has another ending
    sent = [file for file in whole if json.loads(file.read_text())["permit_no"] == permit["number"]]
    assert len(sent) == 1
    for _ in range(2):  # the same answer brought twice
        told = {"permit_no": permit["number"], "status": "acknowledged", "reference": "SIMBG-1"}
        (share / "inbox" / sent[0].name).write_text(json.dumps(told))
        city.move_clock("+1h")
        until(lambda: standing()["status"] == "acknowledged")
    assert [step["status"] for step in standing()["steps"]] == ["forwarded", "acknowledged"]
    listed = city.get("/v1/permits/forwarding?status=acknowledged&limit=200", "petugas-dpmptsp")["items"]
    assert [line["reference"] for line in listed if line["permit_id"] == permit["id"]] == ["SIMBG-1"]
    refused = city.call("GET", "/v1/permits/forwarding", "budi")
    assert refused.status_code == 403
