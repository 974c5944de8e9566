"""How many there are, where, and who decides."""

from collections import Counter
from collections.abc import Iterator

from deploy.k8s.tests.rendering import Rendered, Thing, named
from deploy.k8s.tests.rules import rule
from deploy.k8s.tests.rules.pods import the_pod

SCALED = ("staging", "production")
CONNECTIONS_OF_A_PROCESS = 8 + 1
"""The pool with its overflow (`storage.transaction.Database`), and the relay's own."""
KEPT_FREE = 20


def target(scaler: Thing) -> str:
    """The Deployment a scaler owns."""
    return str(scaler["spec"]["scaleTargetRef"]["name"])


@rule(lambda r: r.one("Deployment", "licensing-web")["spec"].update(replicas=3))
def who_has_a_scaler_has_no_replicas(rendered: Rendered) -> Iterator[str]:
    """Else every apply would undo what the scaler found; in dev nobody scales, and one is the default."""
    yield from (named(deployment) for deployment in rendered.of("Deployment") if "replicas" in deployment["spec"])


@rule(
    lambda r: r.one("ScaledObject", "licensing-work")["spec"]["scaleTargetRef"].update(name="licensing-web"),
    lambda r: r.things.remove(r.one("HorizontalPodAutoscaler", "gateway-web")),
    lambda r: r.one("HorizontalPodAutoscaler", "licensing-web")["spec"].update(minReplicas=1),
    only=SCALED,
)
def every_deployment_has_exactly_one_scaler(rendered: Rendered) -> Iterator[str]:
    """HPA for `web`, KEDA for `work`, never both on one target, never fewer than two."""
    owned = Counter(target(scaler) for scaler in rendered.of("HorizontalPodAutoscaler", "ScaledObject"))
    names = {deployment["metadata"]["name"] for deployment in rendered.of("Deployment")}
    yield from (f"{name} has {owned[name]} scalers" for name in names | set(owned) if owned[name] != 1 or name not in names)
    for scaler in rendered.of("HorizontalPodAutoscaler", "ScaledObject"):
        fewest = scaler["spec"].get("minReplicas", scaler["spec"].get("minReplicaCount", 0))
        if fewest < (3 if rendered.name == "production" else 2):
            yield f"{named(scaler)} goes down to {fewest}"


@rule(
    lambda r: r.one("HorizontalPodAutoscaler", "licensing-web")["spec"]["metrics"][0]["resource"].update(name="memory"),
    lambda r: r.one("HorizontalPodAutoscaler", "licensing-web")["spec"]["scaleTargetRef"].update(name="licensing-work"),
    only=SCALED,
)
def web_is_scaled_on_cpu(rendered: Rendered) -> Iterator[str]:
    for scaler in rendered.of("HorizontalPodAutoscaler"):
        if [m["resource"]["name"] for m in scaler["spec"]["metrics"]] != ["cpu"] or not target(scaler).endswith("-web"):
            yield named(scaler)


@rule(
    lambda r: _trigger(r).update(queueName="finance-sts.events"),
    lambda r: _trigger(r).update(mode="MessageRate"),
    lambda r: _trigger(r).pop("activationValue"),
    lambda r: _trigger(r).update(host="http://rabbitmq.smartcity-staging.svc:15672/smartcity"),
    lambda r: r.one("ScaledObject", "licensing-work")["spec"]["triggers"][0].pop("authenticationRef"),
    only=SCALED,
)
def work_is_scaled_on_the_depth_of_its_own_queue(rendered: Rendered) -> Iterator[str]:
    (namespace,) = (thing["metadata"]["name"] for thing in rendered.of("Namespace"))
    for scaler in rendered.of("ScaledObject"):
        (trigger,) = scaler["spec"]["triggers"]
        about = trigger["metadata"]
        service = target(scaler).removesuffix("-work")
        right = (trigger["type"], about["queueName"], about["mode"]) == ("rabbitmq", f"{service}.events", "QueueLength")
        if not (right and "activationValue" in about and f"rabbitmq.{namespace}.svc" in about["host"] and "authenticationRef" in trigger):
            yield named(scaler)


def _trigger(rendered: Rendered) -> Thing:
    return rendered.one("ScaledObject", "licensing-work")["spec"]["triggers"][0]["metadata"]


@rule(
    lambda r: r.things.remove(r.one("PodDisruptionBudget", "licensing-work")),
    lambda r: r.one("PodDisruptionBudget", "licensing-web")["spec"].update(maxUnavailable=0),
)
def a_drain_takes_one_at_a_time_and_never_waits_for_ever(rendered: Rendered) -> Iterator[str]:
    budgets = [tuple(sorted(budget["spec"]["selector"]["matchLabels"].items())) for budget in rendered.of("PodDisruptionBudget")]
    for deployment in rendered.of("Deployment"):
        if budgets.count(tuple(sorted(deployment["spec"]["selector"]["matchLabels"].items()))) != 1:
            yield f"{named(deployment)} has no budget of its own"
    yield from (named(b) for b in rendered.of("PodDisruptionBudget") if b["spec"].get("maxUnavailable") != 1)


@rule(
    lambda r: the_pod(r).pop("topologySpreadConstraints"),
    lambda r: the_pod(r)["topologySpreadConstraints"][0].update(whenUnsatisfiable="ScheduleAnyway"),
    lambda r: the_pod(r)["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"].clear(),
    lambda r: r.one("Cluster", "licensing-db")["spec"]["affinity"].update(podAntiAffinityType="preferred"),
)
def replicas_stand_apart(rendered: Rendered) -> Iterator[str]:
    """Over zones and nodes; in production a zone is a must, for databases and the broker too."""
    must = rendered.name == "production"
    for deployment in rendered.of("Deployment"):
        labels = deployment["spec"]["selector"]["matchLabels"]
        spread = deployment["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        mine = {s["topologyKey"]: s["whenUnsatisfiable"] for s in spread if s["labelSelector"]["matchLabels"] == labels}
        zone = mine.get("topology.kubernetes.io/zone")
        if zone != ("DoNotSchedule" if must else "ScheduleAnyway") or "kubernetes.io/hostname" not in mine:
            yield f"{named(deployment)} spreads {mine}"
    for cluster in rendered.of("Cluster") if must else []:
        if cluster["spec"]["affinity"]["podAntiAffinityType"] != "required":
            yield named(cluster)


@rule(lambda r: r.one("Deployment", "licensing-web")["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1))
def a_roll_never_has_fewer(rendered: Rendered) -> Iterator[str]:
    for deployment in rendered.of("Deployment"):
        if deployment["spec"]["strategy"]["rollingUpdate"] != {"maxSurge": 1, "maxUnavailable": 0}:
            yield named(deployment)


@rule(
    lambda r: r.one("HorizontalPodAutoscaler", "licensing-web")["spec"].update(maxReplicas=40),
    lambda r: r.one("Cluster", "licensing-db")["spec"]["postgresql"]["parameters"].update(max_connections="100"),
    only=SCALED,
)
def the_database_has_room_for_all_of_them(rendered: Rendered) -> Iterator[str]:
    """At their most, and one more of each while rolling; some connections stay free for people."""
    for cluster in rendered.of("Cluster"):
        service = cluster["metadata"]["name"].removesuffix("-db")
        most = rendered.one("HorizontalPodAutoscaler", f"{service}-web")["spec"]["maxReplicas"] + 1
        most += rendered.one("ScaledObject", f"{service}-work")["spec"]["maxReplicaCount"] + 1
        if most * CONNECTIONS_OF_A_PROCESS + KEPT_FREE > int(cluster["spec"]["postgresql"]["parameters"]["max_connections"]):
            yield f"{named(cluster)}: {most} processes"
