"""With a collector told, what came of one request is one trace: gateway, service, and the consumer in another office."""

from pathlib import Path
from typing import Any

import pytest

from smartcity.testing.collector import Collector
from tests.integration.city import City, until
from tests.integration.conftest import running


def chain(collector: Collector) -> list[tuple[str, str]]:
    """From the last effect of a payment back to the door, (service, span) each."""
    known = {span.span_id: (service, span) for service, span in list(collector.spans)}
    last = next((found for found in known.values() if found[1].name == "process finance-sts.bill.paid.v1"), None)
    steps = list[tuple[str, str]]()
    while last is not None:
        service, span = last
        steps.append((service, span.name))
        last = known.get(span.parent_span_id)
    return steps


def told(collector: Collector) -> Any:
    found = chain(collector)
    return found if len(found) == 3 else None


def test_a_payment_is_followed_from_the_door_to_the_permit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with running(tmp_path, None) as city:
            ident, bill = paid(city)
            city.issued_once(ident, bill["total"])
            assert until(lambda: told(collector)) == [
                ("licensing", "process finance-sts.bill.paid.v1"),
                ("finance-sts", "POST /snap/v1.0/transfer-va/payment"),
                ("gateway", "POST /snap/v1.0/*"),
            ]
    assert {"gateway", "identity", "licensing", "finance-sts"} <= {service for service, _ in collector.spans}


def paid(city: City) -> tuple[str, dict[str, Any]]:
    ident, bill = city.assessed_bill()
    assert city.pay(bill).status_code == 200
    return ident, bill
