"""The cluster would take every object: its own kinds and the operators'."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from deploy.k8s.tests.rendering import OVERLAYS, Rendered, Thing, named, rendered
from deploy.k8s.tests.schemas import FOLDER, WITHOUT, complaints
from deploy.k8s.tests.tools import tool

VERSIONS = ("1.32", "1.36")
"""The oldest and the newest cluster we look at; `preStop.sleep` needs 1.30."""


def operated(overlay: Rendered) -> list[Thing]:
    """The objects of kinds that operators brought."""
    return [thing for thing in overlay.things if "." in thing["apiVersion"].partition("/")[0] and not _native(thing)]


def _native(thing: Thing) -> bool:
    return str(thing["apiVersion"]).partition("/")[0].endswith("k8s.io") and not str(thing["apiVersion"]).startswith("gateway.")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_operators_know_every_field(overlay: str) -> None:
    if not FOLDER.is_dir():
        pytest.skip("no folder of CRD schemas (CRD_SCHEMAS): whether the operators know every field was NOT tested")
    things = [thing for thing in operated(rendered(f"overlays/{overlay}")) if f"{thing['apiVersion']}/{thing['kind']}" not in WITHOUT]
    assert {named(thing): found for thing in things if (found := complaints(thing))} == {}
    assert len(things) > 50


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("Cluster", lambda spec: spec.update(instances="three")),
        ("ScaledObject", lambda spec: spec.update(maxReplicas=3)),
        ("Queue", lambda spec: spec.update(typ="quorum")),
        ("RabbitmqCluster", lambda spec: spec["persistence"].update(size="1Gi")),
        ("HTTPRoute", lambda spec: spec["rules"][0].update(backend="gateway")),
        ("ExternalSecret", lambda spec: spec.update(secretStore={"name": "x"})),
    ],
)
def test_a_field_nobody_knows_is_found(kind: str, spoil: Callable[[Thing], object]) -> None:
    if not FOLDER.is_dir():
        pytest.skip("no folder of CRD schemas (CRD_SCHEMAS): whether the operators know every field was NOT tested")
    spoilt = rendered("overlays/production").with_change(lambda copy: spoil(copy.of(kind)[0]["spec"]))
    assert complaints(spoilt.of(kind)[0]) != []


@pytest.mark.parametrize(("overlay", "version"), [("dev", VERSIONS[1]), ("staging", VERSIONS[1]), *(("production", v) for v in VERSIONS)])
def test_the_cluster_knows_every_field(overlay: str, version: str, tmp_path: Path) -> None:
    own = [thing for thing in rendered(f"overlays/{overlay}").things if thing not in operated(rendered(f"overlays/{overlay}"))]
    assert _said_of(own, version, tmp_path) == ""


def test_a_field_the_cluster_does_not_know_is_found(tmp_path: Path) -> None:
    spoilt = rendered("overlays/production").with_change(
        lambda copy: copy.of("Deployment")[0]["spec"]["template"]["spec"]["containers"][0].update(livenesProbe={})
    )
    assert "livenesProbe" in _said_of(spoilt.of("Deployment"), VERSIONS[0], tmp_path)


def _said_of(things: list[Thing], version: str, folder: Path) -> str:
    file = folder / "things.yaml"
    file.write_text(yaml.safe_dump_all(things))
    words = [tool("kubernetes-validate"), "--strict", "--quiet", "-k", version, str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
