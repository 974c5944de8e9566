"""Who reaches whom: nobody, and then the edges of the dependency table; one way in; accounts at the broker."""

import re
from collections.abc import Iterator
from typing import Any

from deploy.k8s.generate.network import edges, selector
from deploy.k8s.tests.rendering import Rendered, Thing, named
from deploy.k8s.tests.rules import rule
from deploy.k8s.tests.rules.data import TABLE, env
from deploy.k8s.tests.rules.pods import container
from smartcity.events import topology


def policy(rendered: Rendered, name: str) -> Thing:
    """The rules of one network policy."""
    return rendered.one("NetworkPolicy", name)["spec"]


@rule(
    lambda r: r.things.remove(r.one("NetworkPolicy", "default-deny")),
    lambda r: policy(r, "default-deny").update(policyTypes=["Ingress"]),
    lambda r: policy(r, "default-deny").update(ingress=[{}]),
)
def nobody_reaches_anybody(rendered: Rendered) -> Iterator[str]:
    denying = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    if denying not in [one["spec"] for one in rendered.of("NetworkPolicy")]:
        yield "nothing is denied by default"


@rule(
    lambda r: policy(r, "licensing-web").update(egress=[]),
    lambda r: policy(r, "licensing-db")["ingress"][0]["from"].append({"podSelector": {"matchLabels": selector("finance-sts/work")}}),
    lambda r: policy(r, "licensing-web")["egress"].append({"to": [{"podSelector": {"matchLabels": selector("broker")}}]}),
    lambda r: policy(r, "licensing-web")["ingress"][0].update({"from": [{"podSelector": {}}]}),
    lambda r: policy(r, "licensing-web")["egress"].append({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}),
)
def the_edges_are_the_declared_ones(rendered: Rendered) -> Iterator[str]:
    """An edge needs both ends; what is open at either end and not in the table is named, a neighbour's database first of all."""
    places = {frozenset(selector(place).items()): place for place in TABLE.places}
    out, into = set[tuple[str, str]](), set[tuple[str, str]]()
    for one in rendered.of("NetworkPolicy"):
        here = places.get(frozenset(one["spec"]["podSelector"].get("matchLabels", {}).items()))
        for peer in (peer for rule_ in one["spec"].get("egress", []) for peer in rule_.get("to", [])):
            out.add((str(here), _peer(peer, places)))
        for peer in (peer for rule_ in one["spec"].get("ingress", []) for peer in rule_.get("from", [])):
            into.add((_peer(peer, places), str(here)))
    declared = set(edges(TABLE)) | {(place, place) for place in ("broker", *(f"{name}/db" for name in TABLE.trades))}
    for found, what in ((out, "leaves"), (into, "enters")):
        ours = {edge for edge in found if not edge[0].startswith("@") and not edge[1].startswith("@")}
        yield from (f"{edge} {what}" for edge in ours ^ declared)


def _peer(peer: dict[str, Any], places: dict[frozenset[tuple[str, str]], str]) -> str:
    labels = frozenset(peer.get("podSelector", {}).get("matchLabels", {}).items())
    namespace = peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
    return f"@{namespace}" if namespace else places.get(labels, f"?{peer}")


@rule(
    lambda r: policy(r, "licensing-web")["ingress"].append({"from": [{"namespaceSelector": {}}]}),
    lambda r: policy(r, "licensing-web")["ingress"].append({}),
    lambda r: policy(r, "finance-sts-work")["egress"].append({"ports": [{"port": 443}]}),
)
def nothing_is_open_to_everybody(rendered: Rendered) -> Iterator[str]:
    """A rule without a peer opens to the world: only databases and the broker need the cluster's API and the store of the backups."""
    for one in rendered.of("NetworkPolicy"):
        name = one["metadata"]["name"]
        for direction, word in (("ingress", "from"), ("egress", "to")):
            for way in one["spec"].get(direction, []):
                operated = direction == "egress" and (name == "broker" or name.endswith("-db"))
                if (not way.get(word) and not operated) or {"namespaceSelector": {}} in way.get(word, []):
                    yield f"{name} {direction}"


@rule(
    lambda r: r.one("HTTPRoute", "smartcity")["spec"]["rules"][0]["backendRefs"][0].update(name="licensing"),
    lambda r: r.one("HTTPRoute", "to-https")["spec"]["rules"][0].update(filters=[]),
    lambda r: r.one("Service", "licensing")["spec"].update(type="LoadBalancer"),
    lambda r: r.of("ConfigMap")[-1]["data"].update(PUBLIC_URL="http://medan.example"),
)
def the_gateway_is_the_only_way_in(rendered: Rendered) -> Iterator[str]:
    for route in rendered.of("HTTPRoute"):
        (way,) = route["spec"]["rules"]
        backends = [backend["name"] for backend in way.get("backendRefs", [])]
        redirects = [f for f in way.get("filters", []) if f["type"] == "RequestRedirect"]
        if backends != ([] if redirects else ["gateway"]):
            yield f"{named(route)} goes to {backends}"
    yield from (named(service) for service in rendered.of("Service") if service["spec"].get("type", "ClusterIP") != "ClusterIP")
    hosts = {listener["hostname"] for gateway in rendered.of("Gateway") for listener in gateway["spec"]["listeners"]}
    told = {c["data"]["PUBLIC_URL"] for c in rendered.of("ConfigMap") if "PUBLIC_URL" in c["data"]}
    if told != {f"https://{host}" for host in hosts}:
        yield f"{told} is not {hosts}"


@rule(
    lambda r: r.things.remove(r.one("TopicPermission", "licensing-internal")),
    lambda r: r.one("TopicPermission", "licensing-internal")["spec"]["permissions"].update(write=".*"),
    lambda r: r.one("Permission", "licensing")["spec"]["permissions"].update(read=".*"),
    lambda r: r.one("Permission", "agency-bapenda")["spec"]["permissions"].update(write="^smartcity\\.public$"),
    lambda r: r.things.remove(r.one("User", "licensing-migrate")),
    lambda r: container(r, "licensing-work")["env"][1]["valueFrom"]["secretKeyRef"].update(name="finance-sts-user-credentials"),
    lambda r: container(r)["env"].append({"name": "BROKER_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "x", "key": "y"}}}),
)
def accounts_at_the_broker_can_do_their_own(rendered: Rendered) -> Iterator[str]:
    """`work` sends its own types and reads its own queue; `migrate` declares; an agency reads; `web` has no account."""
    users = {user["metadata"]["name"] for user in rendered.of("User")}
    topics = {(t["spec"]["userReference"]["name"], t["spec"]["permissions"]["exchange"]): t for t in rendered.of("TopicPermission")}
    can = {p["spec"]["userReference"]["name"]: p["spec"]["permissions"] for p in rendered.of("Permission")}
    agencies = {f"agency-{code}": f"agency.{code}.events" for code in TABLE.agencies}
    readers = {**{name: topology.queue_of(name) for name in TABLE.trades}, **agencies}
    declaring = {f"{name}-migrate" for name in TABLE.trades}
    if users != set(can) or users != {*readers, *declaring, "scaler"}:
        yield f"users {sorted(users)}"
    queues = [queue["spec"]["name"] for queue in rendered.of("Queue")]
    for name, queue in readers.items():
        may = can[name]
        writes = [x for x in (topology.INTERNAL, topology.PUBLIC, topology.DEAD, "amq.default", *queues) if re.search(may["write"], x)]
        if [q for q in queues if re.search(may["read"], q)] != [queue] or any(re.search(may["configure"], q) for q in queues):
            yield f"{name} reads or declares {may}"
        if writes != ([] if name in agencies else [topology.INTERNAL, topology.PUBLIC]):
            yield f"{name} writes {writes}"
    for user in {*readers, *declaring}:
        for exchange in (topology.INTERNAL, topology.PUBLIC):
            told = topics.get((user, exchange), {"spec": {"permissions": {"write": "(nothing said is everything allowed)"}}})
            if told["spec"]["permissions"]["write"] != (f"^{user}\\." if user in TABLE.trades else "^$"):
                yield f"{user} on {exchange}: {told['spec']['permissions']}"
    yield from _misplaced_passwords(rendered)


def _misplaced_passwords(rendered: Rendered) -> Iterator[str]:
    for name, pod in rendered.pods():
        (one,) = pod["spec"]["containers"]
        service = pod["metadata"]["labels"]["app.kubernetes.io/name"]
        account = {"web": None, "work": service, "migrate": f"{service}-migrate"}[one["name"]]
        secrets = {env(one)[key]["secretKeyRef"]["name"] for key in ("BROKER_USER", "BROKER_PASSWORD") if key in env(one)}
        if secrets != ({f"{account}-user-credentials"} if account else set()):
            yield f"{name} signs in with {secrets}"
