"""The dashboards: what every service does, and what they stand on. Grafana's sidecar finds them by their label."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

Panel = tuple[str, str, str]
"""Title, expression, unit."""
ONE = 'service=~"$service"'


def _p99(histogram: str, by: str) -> str:
    return f"histogram_quantile(0.99, sum by (le, {by}) (rate({histogram}_bucket{{{ONE}}}[5m])))"


SERVICES: Sequence[Panel] = (
    ("Requests a second", f"sum by (service) (rate(http_requests_total{{{ONE}}}[5m]))", "reqps"),
    ("Answered with 5xx, by route", f'sum by (service, route) (rate(http_requests_total{{{ONE},code=~"5.."}}[5m]))', "reqps"),
    ("The slowest in a hundred, by route", _p99("http_request_duration_seconds", "service, route"), "s"),
    ("Being answered now", f"sum by (service) (http_requests_in_flight{{{ONE}}})", "none"),
    ("Told and not sent", f"max by (service) (event_log_unsent{{{ONE}}})", "none"),
    ("Age of the oldest not sent", f"max by (service) (event_log_oldest_unsent_seconds{{{ONE}}})", "s"),
    ("From a fact to its effect, slowest in a hundred, by type", _p99("event_delivery_seconds", "service, type"), "s"),
    ("What came of events", f"sum by (service, outcome) (rate(consumer_effects_total{{{ONE}}}[5m]))", "cps"),
    ("Events that wait", f"max by (service) (inbox_waiting{{{ONE}}})", "none"),
    ("Events that a person must look at", f"max by (service) (inbox_parked{{{ONE}}})", "none"),
    ("How late due work is", f"max by (service) (due_overdue_seconds{{{ONE}}})", "s"),
    ("Processes that answer", f"sum by (service, component) (up{{{ONE}}})", "none"),
)
OFFICES: Sequence[Panel] = (
    ("Applications past their date, by kind", "max by (kind) (licensing_clocks_breached)", "none"),
    ("Complaints past their date, by kind", "max by (kind) (complaints_clocks_breached)", "none"),
    ("Births past their date, by kind", "max by (kind) (civil_registry_clocks_breached)", "none"),
    ("Permits not yet forwarded, age of the oldest", "max(licensing_not_forwarded_oldest_seconds)", "s"),
    ("Cash that should have been deposited (Rp)", "max(finance_cash_late_rupiah)", "none"),
    ("Differences between bank and books that wait", "max(finance_reconciliation_open)", "none"),
    ("Payments of which a bank has not said what became", "max(finance_payments_unknown)", "none"),
    ("Accountability reports unsigned after the 10th", "max(finance_reports_unsigned_late)", "none"),
    ("Debits and credits apart (Rp)", "max(finance_ledger_imbalance_rupiah)", "none"),
)
PLATFORM: Sequence[Panel] = (
    ("Upstreams the gateway does not try just now", "max by (upstream) (upstream_breaker_open)", "none"),
    ("Requests an upstream has in hand", "sum by (upstream) (upstream_in_flight)", "none"),
    ("The gateway's errors, and what is allowed", "gateway:errors:ratio_rate1h or vector(0.001)", "percentunit"),
    ("The gateway's slow answers", "gateway:slow:ratio_rate1h", "percentunit"),
    ("Messages in the queues", f'max by (queue) (rabbitmq_queue_messages{{queue=~"{"[a-z-]+"}[.](events|parked)"}})', "none"),
    ("Copies of each database", 'max by (service) (cnpg_pg_replication_streaming_replicas{component="db"})', "none"),
    ("Age of the newest backup", "time() - max by (service) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp)", "s"),
)
DASHBOARDS = {
    "smartcity-services": ("Medan Smart City: services", SERVICES),
    "smartcity-offices": ("Medan Smart City: what the offices owe", OFFICES),
    "smartcity-platform": ("Medan Smart City: platform", PLATFORM),
}


def config_maps() -> Iterator[dict[str, Any]]:
    """One ConfigMap a dashboard."""
    for uid, (title, panels) in DASHBOARDS.items():
        text = json.dumps(_dashboard(uid, title, panels), indent=1, sort_keys=True)
        metadata = {"name": f"dashboard-{uid}", "labels": {"grafana_dashboard": "1"}}
        yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {f"{uid}.json": text}}


def _dashboard(uid: str, title: str, panels: Sequence[Panel]) -> dict[str, Any]:
    variables = [_variable()] if any(ONE in expression for _, expression, _ in panels) else []
    return {
        "uid": uid, "title": title, "tags": ["medan-smart-city"], "schemaVersion": 39, "editable": False, "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"}, "templating": {"list": variables},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }  # fmt: skip


def _variable() -> dict[str, Any]:
    query = "label_values(up, service)"
    return {"name": "service", "type": "query", "query": query, "includeAll": True, "multi": True, "allValue": ".+", "refresh": 2}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    title, expression, unit = panel
    return {
        "id": number + 1, "type": "timeseries", "title": title, "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "targets": [{"refId": "A", "expr": expression}], "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }  # fmt: skip
