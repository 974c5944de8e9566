"""What an SRE is told to type at night works: kubectl understands it, the objects exist, and the SQL fits the schema."""

import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
import yaml

from deploy.k8s.tests.rendering import rendered
from deploy.k8s.tests.schemas import FOLDER, complaints
from deploy.k8s.tests.test_alerts import alerts
from deploy.k8s.tests.tools import K8S, ROOT, TOOLS, tool
from smartcity.storage import migrate
from smartcity.testing import postgres

PAGES = sorted((ROOT / "docs/runbook").glob("*.md"))
NOWHERE = "http://127.0.0.1:1"
SHORT = {
    "svc": "Service", "hpa": "HorizontalPodAutoscaler", "job": "Job", "deployment": "Deployment", "scaledobject": "ScaledObject",
    "externalsecrets": "ExternalSecret", "rabbitmqclusters.rabbitmq.com": "RabbitmqCluster", "queues.rabbitmq.com": "Queue",
    "clusters.postgresql.cnpg.io": "Cluster", "scheduledbackups.postgresql.cnpg.io": "ScheduledBackup",
    "objectstores.barmancloud.cnpg.io": "ObjectStore",
}  # fmt: skip
OF_OPERATORS = re.compile(r"Service/.*-db-rw|Service/rabbitmq")


def blocks(language: str, *files: Path) -> list[str]:
    """The code blocks of a language, in all pages or these."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [block for file in files or PAGES for block in pattern.findall(file.read_text())]


COMMANDS = sorted({line for block in blocks("sh", *PAGES, K8S / "README.md") for line in block.splitlines() if "kubectl" in line})


@pytest.mark.parametrize("command", COMMANDS)
def test_kubectl_understands_it(command: str) -> None:
    """It gets as far as asking for the cluster, which is not there."""
    tool("kubectl")
    command = re.sub(r"\bkubectl\b", f"kubectl --server={NOWHERE}", command)
    command = re.sub(r"< \S+$", "< /dev/null", command)  # a file of the city's own
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "HOME": "/nonexistent", "KUBECONFIG": os.devnull, "SERVICE": "licensing", "RELEASE": "r0"}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert "127.0.0.1:1" in done.stderr, done.stderr
    assert "refused" in done.stderr, done.stderr


def test_what_it_names_exists() -> None:
    there = {f"{thing['kind']}/{thing['metadata']['name']}" for thing in rendered("overlays/production").things}
    named = set[str]()
    for command in (command for command in COMMANDS if "get crd" not in command):
        words = command.replace("$SERVICE", "licensing").replace("/", " ").split()
        named |= {f"{SHORT[kind]}/{name}" for kind, name in pairwise(words) if kind in SHORT and name[0].isalpha()}
    assert {name for name in named - there if not OF_OPERATORS.match(name)} == set()
    assert len(named) > 8


@pytest.fixture(scope="module")
def databases(postgres_server: str) -> list[str]:
    """A migrated database of every service."""
    packages = sorted(folder.parent.name for folder in (ROOT / "services").glob("*/src/*/migrations"))
    urls = [postgres.create(postgres_server, f"runbook_{package}") for package in packages]
    for package, url in zip(packages, urls, strict=True):
        migrate.upgrade(package, url)
    return urls


@pytest.mark.parametrize("statement", blocks("sql", *PAGES, K8S / "README.md"))
def test_the_sql_fits_a_schema(databases: list[str], statement: str) -> None:
    assert any(_fits(url, statement) for url in databases)


def _fits(url: str, statement: str) -> bool:
    with psycopg.connect(url) as db:
        try:
            db.execute(statement)
        except psycopg.errors.UndefinedTable:
            return False
        finally:
            db.rollback()
    return True


def test_the_first_page_names_every_alert() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\((\w+)\.md\) \| (\w+) \|$", (ROOT / "docs/runbook/README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted((alert["alert"], alert["alert"], alert["labels"]["severity"]) for alert in alerts())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
        assert (page.parent / link).exists(), link


def test_a_restore_is_production_with_one_database_born_from_its_archive() -> None:
    restored, production = rendered("operations/restore"), rendered("overlays/production")
    differing = [thing for thing in restored.things if thing not in production.things]
    assert [(thing["kind"], thing["metadata"]["name"]) for thing in differing] == [("Cluster", "licensing-db")]
    before, after = (overlay.one("Cluster", "licensing-db")["spec"] for overlay in (production, restored))
    owner = {key: before["bootstrap"]["initdb"][key] for key in ("database", "owner")}
    assert owner.items() <= after["bootstrap"]["recovery"].items()
    (source,) = after["externalClusters"]
    assert source["plugin"]["parameters"]["barmanObjectName"] == before["plugins"][0]["parameters"]["barmanObjectName"]
    assert after["plugins"][0]["parameters"]["serverName"] != source["plugin"]["parameters"]["serverName"]
    assert not FOLDER.is_dir() or complaints(differing[0]) == []


def test_a_backup_by_hand_is_the_nightly_one() -> None:
    by_hand = yaml.safe_load((K8S / "operations/backup.yaml").read_text())["spec"]
    nightly = rendered("overlays/production").one("ScheduledBackup", "licensing-db")["spec"]
    assert by_hand == {key: nightly[key] for key in by_hand}
