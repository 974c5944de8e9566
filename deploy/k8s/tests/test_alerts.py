"""Every alert rings where it must and is silent where it must; it looks at what exists, and somebody has written what to do."""

import re
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

import gateway.upstream
import smartcity.observability
from deploy.k8s.generate.dashboards import DASHBOARDS, ONE
from deploy.k8s.tests.rendering import rendered
from deploy.k8s.tests.tools import ROOT, tool
from smartcity.service import Service

assert gateway.upstream and smartcity.observability  # they register their metrics
OF_OTHERS = {
    "up": "Prometheus itself",
    "rabbitmq_queue_messages": "RabbitMQ, rabbitmq_prometheus",
    "cnpg_pg_replication_streaming_replicas": "CloudNativePG, default queries",
    "cnpg_pg_stat_archiver_last_failed_time": "CloudNativePG, default queries",
    "cnpg_pg_stat_archiver_last_archived_time": "CloudNativePG, default queries",
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp": "plugin-barman-cloud, observability",
}
"""Metrics that are not ours, and whose they are."""
WORDS = re.compile(r"\b[a-z_][a-z0-9_:]*\b(?!\()")
NOT_METRICS = set("sum max min count by le and or on ignoring absent vector time service type queue route code component outcome".split())


def rules() -> list[dict[str, Any]]:
    """Every rule of the rendered objects."""
    return [rule for group in _groups() for rule in group["rules"]]


def _groups() -> list[dict[str, Any]]:
    return [group for thing in rendered("overlays/production").of("PrometheusRule") for group in thing["spec"]["groups"]]


def alerts() -> list[dict[str, Any]]:
    """The rules that ring."""
    return [rule for rule in rules() if "alert" in rule]


def services() -> list[Service]:
    """Every service that has a `SERVICE`."""
    packages = [folder.name for folder in (ROOT / "services").glob("*/src/*") if (folder / "service.py").is_file()]
    found = [getattr(import_module(f"{package}.service"), "SERVICE", None) for package in packages]
    return [service for service in found if isinstance(service, Service)]


def test_what_a_service_watches_has_an_alert_of_its_own() -> None:
    asked = set[str]().union(*(used(alert["expr"]) for alert in alerts()))
    assert {name for service in services() for name in service.watched} - asked == set()


def known() -> set[str]:
    """The series this suite has: of the kernel and the gateway, as they are scraped; what services watch; our recorded ones; others'."""
    families = [*text_string_to_metric_families(generate_latest().decode())]
    plain = {family.name + suffix for family in families for suffix in ("", *_suffixes(family.type))}
    return (
        plain
        | {name for service in services() for name in service.watched}
        | {rule["record"] for rule in rules() if "record" in rule}
        | set(OF_OTHERS)
    )


def _suffixes(kind: str) -> tuple[str, ...]:
    return {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",)}.get(kind, ())


def used(expression: str) -> set[str]:
    """The metrics an expression asks for."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]|\bby\s*\([^)]*\)', " ", expression)
    return {word for word in WORDS.findall(bare) if word not in NOT_METRICS and not re.fullmatch(r"[0-9.e]+", word)}


def test_alerts_look_at_what_exists() -> None:
    wanted = {rule.get("alert") or rule["record"]: used(rule["expr"]) - known() for rule in rules()}
    assert {name: missing for name, missing in wanted.items() if missing} == {}
    assert used('sum by (service) (rate(not_there_total{code="5.."}[5m])) > 1') == {"not_there_total"}


def test_dashboards_look_at_what_exists() -> None:
    asked = {expression for _, panels in DASHBOARDS.values() for _, expression, _ in panels}
    assert {expression: missing for expression in asked if (missing := used(expression) - known())} == {}
    assert sum(ONE in expression for expression in asked) > 5


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_somebody_has_written_what_to_do(alert: dict[str, Any]) -> None:
    page = ROOT / alert["annotations"]["runbook_url"]
    assert page.name == f"{alert['alert']}.md"
    assert page.read_text().startswith(f"# {alert['alert']}\n")
    assert alert["labels"]["severity"] in ("page", "ticket")


def test_no_page_is_of_an_alert_that_is_gone() -> None:
    pages = {file.stem for file in (ROOT / "docs/runbook").glob("*.md")} - {"README"}
    assert pages == {alert["alert"] for alert in alerts()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the rules as Prometheus reads them, and the scenes of their tests."""
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [_without_words(group) for group in _groups()]}))
    (tmp_path / "alerts.yaml").write_text((Path(__file__).parent / "alerts.yaml").read_text())
    return tmp_path


def _without_words(group: dict[str, Any]) -> dict[str, Any]:
    """A scene says which alert rings and for whom; what it says is read by people."""
    return {**group, "rules": [{key: value for key, value in rule.items() if key != "annotations"} for rule in group["rules"]]}


def _promtool(folder: Path, *words: str) -> str:
    done = subprocess.run([tool("promtool"), *words], cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_prometheus_reads_the_rules(folder: Path) -> None:
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": _groups()}))
    assert _promtool(folder, "check", "rules", "rules.yaml") == ""


def test_alerts_ring_and_are_silent(folder: Path) -> None:
    assert _promtool(folder, "test", "rules", "alerts.yaml") == ""
    scenes = yaml.safe_load((folder / "alerts.yaml").read_text())["tests"]
    looks = [(look["alertname"], bool(look["exp_alerts"])) for scene in scenes for look in scene["alert_rule_test"]]
    assert set(looks) == {(alert["alert"], rings) for alert in alerts() for rings in (True, False)}


def test_a_threshold_that_is_moved_is_found(folder: Path) -> None:
    spoilt = (folder / "rules.yaml").read_text().replace("> 900", "> 9000")
    (folder / "rules.yaml").write_text(spoilt)
    scenes = yaml.safe_load((folder / "alerts.yaml").read_text())
    scenes["tests"] = [scene for scene in scenes["tests"] if scene["alert_rule_test"][0]["alertname"] == "DueWorkIsLate"]
    (folder / "alerts.yaml").write_text(yaml.safe_dump(scenes))
    assert "DueWorkIsLate" in _promtool(folder, "test", "rules", "alerts.yaml")


def test_every_expression_of_a_dashboard_parses(folder: Path) -> None:
    asked = [expression.replace("$service", ".+") for _, panels in DASHBOARDS.values() for _, expression, _ in panels]
    group = {"name": "dashboards", "rules": [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(asked)]}
    (folder / "panels.yaml").write_text(yaml.safe_dump({"groups": [group]}))
    assert _promtool(folder, "check", "rules", "panels.yaml") == ""
