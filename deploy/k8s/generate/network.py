"""The network policies: nobody reaches anybody, and then the edges of the dependency table."""

from collections.abc import Iterator
from typing import Any

from deploy.k8s.generate.table import Table

WEB, METRICS, POSTGRES, AMQP, MANAGEMENT = 8080, 9090, 5432, 5672, 15672
PORTS = {"web": (WEB,), "db": (POSTGRES,), "broker": (AMQP,)}
FROM_PLATFORM = {
    ("monitoring", "web"): (WEB, METRICS),
    ("monitoring", "work"): (METRICS,),
    ("monitoring", "db"): (9187,),
    ("monitoring", "broker"): (15692,),
    ("keda", "broker"): (MANAGEMENT,),
    ("cnpg-system", "db"): (POSTGRES, 8000),
    ("rabbitmq-system", "broker"): (MANAGEMENT,),
}
AMONG_ITSELF = {"db": (POSTGRES, 8000), "broker": (4369, 25672)}
TO_THE_CLUSTER = (443, 6443)
"""The Kubernetes API and the store of the backups stand outside; their addresses are the site's."""


def policies(table: Table) -> Iterator[dict[str, Any]]:
    """Every policy of the namespace."""
    yield _policy("default-deny", {}, [], [])
    yield _policy("names", {}, None, [{"to": [_namespace("kube-system")], "ports": _ports((53,), "UDP", "TCP")}])
    for place in [place for place in table.places if _runs(table, place)]:
        yield _policy(place.replace("/", "-"), selector(place), list(_into(table, place)), list(_out_of(table, place)))


def selector(place: str) -> dict[str, str]:
    """The labels of the pods of a place."""
    name, _, kind = place.partition("/")
    if place == "broker":
        return {"app.kubernetes.io/name": "rabbitmq"}
    return {"cnpg.io/cluster": f"{name}-db"} if kind == "db" else {"app.kubernetes.io/name": name, "app.kubernetes.io/component": kind}


def kind_of(place: str) -> str:
    """`web`, `work`, `migrate`, `db` or `broker`."""
    return place.rpartition("/")[2]


def _runs(table: Table, place: str) -> bool:
    name, _, kind = place.partition("/")
    return kind in table.services.get(name, ()) or (kind in ("db", "") and place in {p for _, p in edges(table)})


def edges(table: Table) -> Iterator[tuple[str, str]]:
    """From where to where, of our own."""
    for name, kinds in table.services.items():
        for kind, reached in kinds.items():
            yield from ((f"{name}/{kind}", place) for place in reached)


def _into(table: Table, place: str) -> Iterator[dict[str, Any]]:
    callers = [caller for caller, called in edges(table) if called == place]
    if callers:
        yield {"from": [_pods(caller) for caller in callers], "ports": _ports(PORTS[kind_of(place)])}
    for namespace, reached in table.platform.items():
        if place in reached or kind_of(place) in reached:
            yield {"from": [_namespace(namespace)], "ports": _ports(FROM_PLATFORM.get((namespace, kind_of(place)), (WEB,)))}
    if kind_of(place) in AMONG_ITSELF:
        yield {"from": [_pods(place)], "ports": _ports(AMONG_ITSELF[kind_of(place)])}


def _out_of(table: Table, place: str) -> Iterator[dict[str, Any]]:
    for caller, called in edges(table):
        if caller == place:
            yield {"to": [_pods(called)], "ports": _ports(PORTS[kind_of(called)])}
    if kind_of(place) in AMONG_ITSELF:
        yield {"to": [_pods(place)], "ports": _ports(AMONG_ITSELF[kind_of(place)])}
        yield {"ports": _ports(TO_THE_CLUSTER)}


def _pods(place: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": selector(place)}}


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _ports(numbers: tuple[int, ...], *protocols: str) -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": number} for number in numbers for protocol in protocols or ("TCP",)]


def _policy(name: str, labels: dict[str, str], ingress: list[Any] | None, egress: list[Any]) -> dict[str, Any]:
    spec: dict[str, Any] = {"podSelector": {"matchLabels": labels} if labels else {}}
    spec["policyTypes"] = ["Egress"] if ingress is None else ["Ingress", "Egress"]
    spec |= {direction: rules for direction, rules in (("ingress", ingress), ("egress", egress)) if rules}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}
