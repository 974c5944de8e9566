"""Databases, migrations, backups, the broker and its topology."""

from collections.abc import Iterator
from typing import Any

from deploy.k8s.generate.broker import hears
from deploy.k8s.generate.table import GATEWAY, Table
from deploy.k8s.tests.rendering import Rendered, Thing, named
from deploy.k8s.tests.rules import rule
from deploy.k8s.tests.rules.pods import container, the_pod
from deploy.k8s.tests.tools import K8S
from smartcity.events import topology

TABLE = Table.read(K8S / "dependencies.yaml")
REAL = ("staging", "production")


def env(one: Thing) -> dict[str, Any]:
    """The environment of a container by name: a value, or what it refers to."""
    return {entry["name"]: entry.get("value") or entry["valueFrom"] for entry in one.get("env", [])}


@rule(
    lambda r: the_pod(r, "licensing-work").pop("initContainers"),
    lambda r: r.things.remove(r.one("Job", "licensing-migrate-r0")),
    lambda r: container(r).pop("readinessProbe"),
)
def the_schema_comes_before_the_code(rendered: Rendered) -> Iterator[str]:
    """Expand, roll, contract: the Job of the release runs; until its revision is there no new `web` is ready and no new `work` begins."""
    jobs = {job["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/name"] for job in rendered.of("Job")}
    yield from (f"{name} has no migration" for name in set(TABLE.trades) - jobs)
    for deployment in rendered.of("Deployment"):
        pod = deployment["spec"]["template"]["spec"]
        (one,) = pod["containers"]
        package = one["args"][2]
        waits = [["python", "-m", "await_schema", package]] == [first["args"] for first in pod.get("initContainers", [])]
        if not (waits if one["name"] == "work" else one.get("readinessProbe")):
            yield f"{named(deployment)} does not wait"


@rule(lambda r: r.one("Job", "licensing-migrate-r0")["metadata"].update(name="licensing-migrate"), only=("production",))
def a_migration_bears_the_name_of_its_release(rendered: Rendered) -> Iterator[str]:
    """A Job cannot be changed, so each release brings its own; the old ones vanish after a day."""
    yield from (named(job) for job in rendered.of("Job") if job["metadata"]["name"].endswith("-migrate"))
    yield from (named(job) for job in rendered.of("Job") if not job["spec"].get("ttlSecondsAfterFinished"))


@rule(
    lambda r: r.things.remove(r.one("Cluster", "licensing-db")),
    lambda r: r.one("Cluster", "licensing-db")["spec"]["bootstrap"]["initdb"].update(owner="smartcity_finance_sts"),
    lambda r: container(r)["env"][0]["valueFrom"]["secretKeyRef"].update(name="finance-sts-db-app"),
    lambda r: r.one("Cluster", "licensing-db")["spec"]["bootstrap"]["initdb"].pop("postInitApplicationSQL"),
)
def every_service_has_a_database_and_a_user_of_its_own(rendered: Rendered) -> Iterator[str]:
    made = {cluster["metadata"]["name"]: cluster["spec"]["bootstrap"]["initdb"] for cluster in rendered.of("Cluster")}
    for name in TABLE.trades:
        told = made.get(f"{name}-db", {})
        own = f"smartcity_{name.replace('-', '_')}"
        closed = [f"REVOKE CONNECT, TEMPORARY ON DATABASE {own} FROM PUBLIC"]
        if (told.get("database"), told.get("owner"), told.get("postInitApplicationSQL")) != (own, own, closed):
            yield f"{name}: {told}"
    for pod_name, pod in rendered.pods():
        name = pod["metadata"]["labels"]["app.kubernetes.io/name"]
        wanted = None if name == GATEWAY else {"secretKeyRef": {"name": f"{name}-db-app", "key": "uri"}}
        for one in (*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])):
            if env(one).get("DATABASE_URL") != wanted:
                yield f"{pod_name} reaches {env(one).get('DATABASE_URL')}"


@rule(lambda r: r.things.append({"kind": "Pooler", "metadata": {"name": "licensing-pooler"}, "spec": {}}))
def no_pooler_stands_before_the_database(rendered: Rendered) -> Iterator[str]:
    """A transaction pooler forgets LISTEN and the relay's advisory lock."""
    yield from map(named, rendered.of("Pooler"))


@rule(
    lambda r: r.one("Cluster", "finance-sts-db")["spec"]["postgresql"].pop("synchronous"),
    lambda r: r.one("Cluster", "finance-sts-db")["spec"]["postgresql"]["synchronous"].update(dataDurability="preferred"),
    lambda r: r.one("Cluster", "licensing-db")["spec"].update(instances=2),
    only=REAL,
)
def money_stands_on_two_machines(rendered: Rendered) -> Iterator[str]:
    """finance-sts answers a commit only when a second machine has it; the others replicate too."""
    synchronous = rendered.one("Cluster", "finance-sts-db")["spec"]["postgresql"].get("synchronous")
    if synchronous != {"method": "any", "number": 1, "dataDurability": "required"}:
        yield f"finance-sts: {synchronous}"
    least = 3 if rendered.name == "production" else 2
    yield from (named(cluster) for cluster in rendered.of("Cluster") if cluster["spec"]["instances"] < least)


@rule(
    lambda r: r.things.remove(r.one("ScheduledBackup", "licensing-db")),
    lambda r: r.one("ScheduledBackup", "licensing-db")["spec"]["cluster"].update(name="finance-sts-db"),
    lambda r: r.one("Cluster", "licensing-db")["spec"]["plugins"][0].update(isWALArchiver=False),
    lambda r: r.one("ObjectStore", "licensing-db")["spec"]["configuration"].update(destinationPath="s3://medan-smart-city/finance-sts"),
    only=REAL,
)
def every_database_is_backed_up_every_night_and_minute(rendered: Rendered) -> Iterator[str]:
    """A base backup a night and the archived WAL between, each service into a folder of its own."""
    nightly = {backup["spec"]["cluster"]["name"] for backup in rendered.of("ScheduledBackup")}
    stores = {store["metadata"]["name"]: store["spec"]["configuration"]["destinationPath"] for store in rendered.of("ObjectStore")}
    for cluster in rendered.of("Cluster"):
        name = cluster["metadata"]["name"]
        archives = [p["parameters"]["barmanObjectName"] for p in cluster["spec"]["plugins"] if p.get("isWALArchiver")]
        if name not in nightly or archives != [name] or stores.get(name) != f"s3://medan-smart-city/{name.removesuffix('-db')}":
            yield named(cluster)


@rule(
    lambda r: r.one("RabbitmqCluster", "rabbitmq")["spec"].update(replicas=2),
    lambda r: r.one("RabbitmqCluster", "rabbitmq")["spec"]["rabbitmq"].update(additionalConfig=""),
    only=REAL,
)
def the_broker_is_three(rendered: Rendered) -> Iterator[str]:
    """Quorum queues need an odd number, and the minority stops rather than guess."""
    (cluster,) = rendered.of("RabbitmqCluster")
    config = cluster["spec"]["rabbitmq"]["additionalConfig"]
    if cluster["spec"]["replicas"] != 3 or "cluster_partition_handling = pause_minority" not in config:
        yield named(cluster)


@rule(
    lambda r: r.things.remove(r.one("Queue", "licensing-events")),
    lambda r: r.one("Queue", "licensing-events")["spec"].update(type="classic"),
    lambda r: r.one("Queue", "licensing-events")["spec"]["arguments"].update({"x-delivery-limit": 20}),
    lambda r: r.one("Queue", "licensing-parked")["spec"].update(arguments={"x-max-length": 5}),
    lambda r: r.of("Binding")[-1]["spec"].update(routingKey="#"),
    lambda r: r.things.remove(r.one("Exchange", "smartcity-dead")),
)
def the_topology_is_what_the_kernel_declares(rendered: Rendered) -> Iterator[str]:
    """Else `migrate` would be refused by the broker, and events would have no way."""
    exchanges = {e["spec"]["name"]: (e["spec"]["type"], e["spec"]["durable"]) for e in rendered.of("Exchange")}
    if exchanges != {topology.INTERNAL: ("topic", True), topology.PUBLIC: ("topic", True), topology.DEAD: ("direct", True)}:
        yield f"exchanges {exchanges}"
    queues = {q["spec"]["name"]: {"x-queue-type": q["spec"]["type"], **q["spec"].get("arguments", {})} for q in rendered.of("Queue")}
    bound = {(b["spec"]["source"], b["spec"]["routingKey"], b["spec"]["destination"]) for b in rendered.of("Binding")}
    for name in TABLE.trades:
        told = topology.topology_for(name, hears(name))
        wanted = {told.queue: told.queue_arguments, told.parked: told.parked_arguments}
        yield from (f"{queue}: {queues.get(queue)}" for queue, arguments in wanted.items() if queues.get(queue) != arguments)
        mine = {(where, key) for where, key, queue in bound if queue == told.queue}
        if mine != set(told.bindings) or (topology.DEAD, told.queue, told.parked) not in bound:
            yield f"{name} is bound to {sorted(mine)}"


@rule(
    lambda r: r.one("Policy", "length-of-services")["spec"]["definition"].update({"delivery-limit": 3}),
    lambda r: r.one("Policy", "length-of-services")["spec"]["definition"].update(overflow="drop-head"),
)
def policies_limit_length_and_nothing_else(rendered: Rendered) -> Iterator[str]:
    """A service's full queue refuses and the event stays in its log; none may be dropped."""
    for policy in rendered.of("Policy"):
        about = policy["spec"]["definition"]
        overflow = "drop-head" if policy["metadata"]["name"] == "length-of-agencies" else "reject-publish"
        if set(about) != {"max-length-bytes", "overflow"} or about["overflow"] != overflow:
            yield f"{named(policy)}: {about}"
