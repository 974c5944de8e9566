"""What a dashboard asks for is there: a panel over a series that nobody writes stays empty on the night it is needed."""

from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from deploy.k8s.generate.dashboards import DASHBOARDS
from deploy.k8s.tests.test_alerts import OF_OTHERS, used
from tests.integration.city import City
from tests.integration.test_a_paid_retribution_unlocks_a_permit import TOTAL


def test_each_series_of_a_dashboard_is_scraped_from_the_running_suite(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.pay(bill)
    city.issued_once(ident, TOTAL)
    asked = {name for _, panels in DASHBOARDS.values() for _, expression, _ in panels for name in used(expression)}
    ours = {name for name in asked if ":" not in name} - OF_OTHERS.keys()
    assert len(ours) > 15
    assert ours - scraped(city) == set()


def scraped(city: City) -> set[str]:
    """The names of every sample that is told now."""
    return {name for port in city.metrics_ports() for name in _samples(port)}


def _samples(port: int) -> set[str]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {sample.name for family in families for sample in family.samples}
