"""`compose.yaml` at the root: the servers mode with containers, from the same table as the cluster."""

from typing import Any

from deploy.k8s.generate.table import GATEWAY, Table

WHY = """\
# The servers mode on one machine with containers: a real PostgreSQL, a real RabbitMQ, the suite from its images.
#   python deploy/k8s/compose/environment.py          invents the secrets, once
#   make image SERVICE=gateway                        and so for every service
#   docker compose --env-file .run/compose.env up
# Made by `python -m deploy.k8s.generate`.
"""
DOOR = "http://localhost:${PORT:-8080}"
RESTRICTED: dict[str, Any] = {
    "read_only": True, "tmpfs": ["/tmp"], "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"],
}  # fmt: skip
COMMON = {
    "ENVIRONMENT": "production", "ISSUER_URL": DOOR, "PUBLIC_URL": DOOR, "JWKS_URL": "http://identity:8080/.well-known/jwks.json",
    "REVOKED_URL": "http://identity:8080/oauth/revoked", "PORT": "8080", "METRICS_PORT": "9090",
}  # fmt: skip


def project(table: Table) -> dict[str, Any]:
    """The whole file as data."""
    made = {name: part for service in table.trades for name, part in _service(table, service).items()}
    volumes = ["postgres", "rabbitmq", *(f"{name}-files" for name in table.trades)]
    return {
        "name": "medan-smart-city",
        "services": {**_servers(table), GATEWAY: _gateway(table), **made},
        "volumes": {name: {} for name in volumes},
    }


def _servers(table: Table) -> dict[str, Any]:
    passwords = {f"{_upper(name)}_DB_PASSWORD": _given(f"{_upper(name)}_DB_PASSWORD") for name in table.trades}
    return {
        "postgres": {
            "image": "postgres:18", "restart": "unless-stopped",
            "environment": {"POSTGRES_PASSWORD": _given("POSTGRES_PASSWORD"), "SERVICES": " ".join(table.trades), **passwords},
            "command": ["postgres", "-c", "max_connections=400"],
            "volumes": ["postgres:/var/lib/postgresql", "./deploy/k8s/compose/databases.sh:/docker-entrypoint-initdb.d/databases.sh:ro"],
            "healthcheck": {"test": ["CMD", "pg_isready", "-U", "postgres", "-h", "127.0.0.1"], "interval": "5s", "retries": 20},
        },
        "rabbitmq": {
            "image": "rabbitmq:4", "restart": "unless-stopped", "hostname": "rabbitmq",
            "environment": {"RABBITMQ_DEFAULT_USER": "smartcity", "RABBITMQ_DEFAULT_PASS": _given("BROKER_PASSWORD")},
            "volumes": ["rabbitmq:/var/lib/rabbitmq"],
            "healthcheck": {"test": ["CMD", "rabbitmq-diagnostics", "-q", "ping"], "interval": "10s", "timeout": "10s", "retries": 20},
        },
    }  # fmt: skip


def _gateway(table: Table) -> dict[str, Any]:
    upstreams = ",".join(f"{name}=http://{name}:8080" for name in table.trades)
    ports = ["127.0.0.1:${PORT:-8080}:8080"]
    environment = {**COMMON, "UPSTREAMS": upstreams}
    return {**_ours(GATEWAY, "web"), "environment": environment, "ports": ports, "restart": "unless-stopped"}


def _service(table: Table, name: str) -> dict[str, Any]:
    own = f"smartcity_{name.replace('-', '_')}"
    environment = {
        **COMMON,
        "DATABASE_URL": f"postgresql://{own}:{_given(f'{_upper(name)}_DB_PASSWORD')}@postgres:5432/{own}",
        "BROKER_URL": f"amqp://smartcity:{_given('BROKER_PASSWORD')}@rabbitmq:5672/",
        "FILES_URL": "file:///var/lib/smartcity/files",
        **{key: _given(f"{_upper(name)}_{key}") for key in ("SECRET_KEY", "DOCUMENT_KEY", *table.secrets.get(name, ()))},
        **{key: f"${{{key}:-}}" for key in table.options.get(name, ())},
    }
    shared = {"environment": environment, "volumes": [f"{name}-files:/var/lib/smartcity/files"]}
    waits = {"depends_on": {f"{name}-migrate": {"condition": "service_completed_successfully"}}, "restart": "unless-stopped"}
    servers = {server: {"condition": "service_healthy"} for server in ("postgres", "rabbitmq")}
    return {
        name: {**_ours(name, "web"), **shared, **waits, "stop_grace_period": "15s"},
        f"{name}-work": {**_ours(name, "work"), **shared, **waits, "stop_grace_period": "15s"},
        f"{name}-migrate": {**_ours(name, "migrate"), **shared, "depends_on": servers, "restart": "on-failure"},
    }


def _ours(name: str, kind: str) -> dict[str, Any]:
    return {"image": f"medan-smart-city/{name}:dev", "command": ["python", "-m", name.replace("-", "_"), kind], **RESTRICTED}


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def _given(name: str) -> str:
    return f"${{{name}:?python deploy/k8s/compose/environment.py}}"
