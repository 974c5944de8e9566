"""A client we have not written reads this city as it reads any other."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests
from georeport import GeoReport
from werkzeug.serving import make_server

from smartcity.http.app import CityFlask

ROOT = "/open311/v2"
FORM = {
    "api_key": "key-of-an-application", "service_code": "banjir", "lat": "3.5796", "long": "98.6869", "description": "Air setinggi lutut.",
    "attribute[kelurahan_code]": "12.71.01.1001", "attribute[depth_cm]": "40",
}  # fmt: skip


@pytest.fixture
def address(app: CityFlask) -> Iterator[str]:
    """The service behind a door of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{ROOT}"
    server.shutdown()
    thread.join()
    server.server_close()


def filed(address: str, street: Any) -> str:
    """Filed as any form is, and read by the coordinator."""
    number = requests.post(f"{address}/requests.json", data={**FORM, "device_id": uuid4().hex}, timeout=20).json()[0]["service_request_id"]
    queue = street.client.get("/v1/work-queues/complaints", headers=street.staff("verification")).json["items"]
    assert street.step(next(one["id"] for one in queue if one["number"] == number), "verification").status_code == 200
    return str(number)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_it_lists_services_reads_a_definition_and_finds_requests(address: str, street: Any, form: str) -> None:
    numbers = [filed(address, street) for _ in range(2)]
    client = GeoReport(address, jurisdiction="pemkomedan.go.id", output_format=form)
    services = client.get_service_list()
    assert len(services) == 29 and services[0]["service_code"] == "jalan_rusak"
    definition = client.get_service_definition("banjir")
    attributes = definition["attributes"] if form == "json" else definition["attributes"]["attribute"]
    assert [one["code"] for one in attributes] == ["kelurahan_code", "depth_cm", "houses"]
    found = client.get_service_requests(service_code="banjir,lpju", status="open")
    assert [one["service_request_id"] for one in found] == numbers[::-1]
    both = client.get_service_requests(service_request_id=",".join(numbers))
    assert [one["service_request_id"] for one in both] == numbers
    one = client.get_service_request(numbers[0])
    assert (one["status"], one["description"], float(one["lat"])) == ("open", "Air setinggi lutut.", 3.5796)


def test_it_is_refused_as_it_expects(address: str) -> None:
    for client, ask in (
        (GeoReport(address), lambda client: client.get_service_request("MRK-209901-000001")),
        (GeoReport(address, jurisdiction="sfgov.org"), lambda client: client.get_service_list()),
        (GeoReport(address), lambda client: client.get_service_definition("cuaca")),
    ):
        with pytest.raises(requests.HTTPError, match="404"):
            ask(client)
    with pytest.raises(requests.HTTPError, match="400"):
        GeoReport(address).get_service_requests(start_date="2026-01-01T00:00:00Z", end_date="2026-12-01T00:00:00Z")
