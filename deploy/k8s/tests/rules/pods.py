"""What a pod is: probes, drain, resources, security."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import yaml

from deploy.k8s.tests.rendering import Rendered, Thing, named
from deploy.k8s.tests.rules import rule
from deploy.k8s.tests.tools import K8S
from smartcity import web, work

MEASURED = yaml.safe_load((K8S / "measured.yaml").read_text())
GRACEFUL = int(re.search(r'"graceful_timeout": (\d+)', inspect.getsource(web)).group(1))  # type: ignore[union-attr]
PLAIN_VOLUMES = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}


def the_pod(rendered: Rendered, name: str = "licensing-web") -> Thing:
    """The pod of a Deployment, to be spoilt."""
    return rendered.one("Deployment", name)["spec"]["template"]["spec"]


def container(rendered: Rendered, name: str = "licensing-web") -> Thing:
    """Its container."""
    return the_pod(rendered, name)["containers"][0]


def containers(pod: Thing) -> list[Thing]:
    """Those that run first, and those that stay."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


@rule(
    lambda r: container(r).pop("livenessProbe"),
    lambda r: container(r).pop("startupProbe"),
    lambda r: container(r)["livenessProbe"]["httpGet"].update(path="/readyz"),
    lambda r: container(r)["readinessProbe"]["httpGet"].update(path="/healthz"),
    lambda r: container(r, "licensing-work").pop("livenessProbe"),
)
def probes_ask_what_they_mean(rendered: Rendered) -> Iterator[str]:
    """Alive asks the process; ready asks database and schema revision, which is what `/readyz` answers; `work` has no callers."""
    wanted = {
        "web": {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"},
        "work": {"startupProbe": "/metrics", "livenessProbe": "/metrics"},
    }
    for deployment in rendered.of("Deployment"):
        (one,) = deployment["spec"]["template"]["spec"]["containers"]
        asked = {kind: one[kind].get("httpGet", {}).get("path") for kind in one if kind.endswith("Probe")}
        ports = {port["name"] for port in one["ports"]}
        if asked != wanted[one["name"]] or any(one[kind]["httpGet"]["port"] not in ports for kind in asked):
            yield f"{named(deployment)} asks {asked}"


@rule(
    lambda r: container(r).pop("lifecycle"),
    lambda r: the_pod(r).update(terminationGracePeriodSeconds=GRACEFUL),
    lambda r: the_pod(r, "licensing-work").update(terminationGracePeriodSeconds=int(work.STOP_WITHIN)),
)
def a_pod_has_time_to_finish(rendered: Rendered) -> Iterator[str]:
    """`web` leaves the lists first (preStop) and then drains as long as gunicorn lets it; `work` needs its `STOP_WITHIN`."""
    for deployment in rendered.of("Deployment"):
        pod = deployment["spec"]["template"]["spec"]
        (one,) = pod["containers"]
        sleep = one.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        needs = sleep + (GRACEFUL if one["name"] == "web" else work.STOP_WITHIN)
        if pod["terminationGracePeriodSeconds"] <= needs or (one["name"] == "web" and sleep < 5):
            yield f"{named(deployment)} sleeps {sleep} s and has {pod['terminationGracePeriodSeconds']} s"


@rule(
    lambda r: container(r)["resources"].pop("requests"),
    lambda r: container(r)["resources"]["limits"].update(memory="100Mi"),
    lambda r: container(r)["resources"]["limits"].update(cpu="1"),
)
def resources_are_the_measured_ones(rendered: Rendered) -> Iterator[str]:
    """Requested what rests, limited above the peak, both of `measured.yaml`; no limit of CPU, which only makes the slow slower."""
    for name, pod in rendered.pods():
        for one in containers(pod):
            figures = MEASURED["gateway" if name == "gateway-web" else one["name"] if one["name"] in MEASURED else "migrate"]
            wants, most = one["resources"].get("requests", {}), one["resources"].get("limits", {})
            if not wants.get("cpu") or _mib(wants) < figures["rest"] or _mib(most) < figures["peak"] or "cpu" in most:
                yield f"{name}/{one['name']}: {one['resources']}"


def _mib(amount: dict[str, Any]) -> int:
    value = amount.get("memory", "0Mi")
    return int(value[:-2]) * {"Mi": 1, "Gi": 1024}[value[-2:]]


@rule(
    lambda r: the_pod(r)["securityContext"].pop("runAsNonRoot"),
    lambda r: the_pod(r)["securityContext"].pop("seccompProfile"),
    lambda r: container(r)["securityContext"]["capabilities"].update(drop=[]),
    lambda r: container(r)["securityContext"].update(allowPrivilegeEscalation=True),
    lambda r: the_pod(r).update(hostNetwork=True),
    lambda r: the_pod(r)["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    lambda r: r.of("Namespace")[0]["metadata"]["labels"].pop("pod-security.kubernetes.io/enforce"),
    lambda r: broker_pod(r)["containers"][0]["securityContext"].pop("capabilities"),
)
def pods_are_restricted(rendered: Rendered) -> Iterator[str]:
    """The Pod Security Standard `restricted`, and the namespace enforces it on what operators make, too."""
    for namespace in rendered.of("Namespace"):
        if namespace["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{named(namespace)} enforces nothing"
    everyone = [*rendered.pods(), ("rabbitmq", {"spec": broker_pod(rendered)})]
    for name, pod in everyone:
        spec, security = pod["spec"], pod["spec"].get("securityContext", {})
        if not security.get("runAsNonRoot") or security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name} may be root, or call what it likes"
        if any(spec.get(word) for word in ("hostNetwork", "hostPID", "hostIPC")) or _strange_volumes(spec):
            yield f"{name} touches its host"
        for one in containers(pod):
            rights = one.get("securityContext", {})
            if rights.get("allowPrivilegeEscalation") is not False or rights.get("capabilities", {}).get("drop") != ["ALL"]:
                yield f"{name}/{one['name']} keeps rights"


def broker_pod(rendered: Rendered) -> Thing:
    """What the operator is told of the broker's pods."""
    return rendered.one("RabbitmqCluster", "rabbitmq")["spec"]["override"]["statefulSet"]["spec"]["template"]["spec"]


def _strange_volumes(spec: Thing) -> set[str]:
    return {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"} - PLAIN_VOLUMES


@rule(
    lambda r: container(r)["securityContext"].update(readOnlyRootFilesystem=False),
    lambda r: the_pod(r)["volumes"][0]["emptyDir"].pop("sizeLimit"),
)
def nothing_is_written_but_where_it_may(rendered: Rendered) -> Iterator[str]:
    """A read-only root; `/tmp` has an end."""
    for name, pod in rendered.pods():
        yield from (f"{name}/{one['name']} writes" for one in containers(pod) if not one["securityContext"].get("readOnlyRootFilesystem"))
        yield from (f"{name}: {v}" for v in pod["spec"].get("volumes", []) if "emptyDir" in v and not v["emptyDir"].get("sizeLimit"))


@rule(
    lambda r: the_pod(r).pop("automountServiceAccountToken"),
    lambda r: r.one("ServiceAccount", "licensing").pop("automountServiceAccountToken"),
    lambda r: the_pod(r).update(serviceAccountName="default"),
)
def nobody_holds_a_token_of_the_cluster(rendered: Rendered) -> Iterator[str]:
    """No service asks the Kubernetes API anything; each has an account of its own."""
    yield from (named(a) for a in rendered.of("ServiceAccount") if a.get("automountServiceAccountToken") is not False)
    for name, pod in rendered.pods():
        spec = pod["spec"]
        if spec.get("automountServiceAccountToken") is not False or spec["serviceAccountName"] != pod["metadata"]["labels"][NAME]:
            yield name


NAME = "app.kubernetes.io/name"


@rule(
    lambda r: container(r).update(image="medan-smart-city/licensing:latest"),
    lambda r: container(r).update(image="medan-smart-city/licensing@sha256:12"),
    only=("production",),
)
def production_runs_digests(rendered: Rendered) -> Iterator[str]:
    """What was tested is what runs."""
    for name, pod in rendered.pods():
        yield from (
            f"{name}: {one['image']}"
            for one in containers(pod)
            if not re.fullmatch(r"medan-smart-city/[a-z-]+@sha256:[0-9a-f]{64}", one["image"])
        )


@rule(
    lambda r: container(r)["env"].append({"name": "SECRET_KEY", "value": "c2VjcmV0"}),
    lambda r: container(r)["env"].append({"name": "DATABASE_URL", "value": "postgresql://a:b@c/d"}),
    lambda r: r.things.append({"kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "Yg=="}}),
    lambda r: r.of("ConfigMap")[0]["data"].update(SNAP_CLIENT_SECRET="x"),
)
def secrets_come_by_reference(rendered: Rendered) -> Iterator[str]:
    """No object of kind Secret, no value that looks like one; an address may name a secret of its own pod."""
    yield from (named(secret) for secret in rendered.of("Secret"))
    telling = re.compile(r"KEY$|SECRET|PASSWORD|TOKEN")
    for config in rendered.of("ConfigMap"):
        yield from (f"{named(config)} {key}" for key in config["data"] if telling.search(key))
    for name, pod in rendered.pods():
        for entry in (entry for one in containers(pod) for entry in one.get("env", [])):
            value = entry.get("value", "")
            if (telling.search(entry["name"]) and value) or re.search(r"://[^/@]*:(?!\$\()[^/@]*@", value):
                yield f"{name} {entry['name']}"
