"""The manifests: judged by Kubernetes' own schemas, and by what one of them has to know of another."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import kubernetes_validate
import pytest
import yaml

from examples.food_delivery.settings import Settings
from tests.examples.food_delivery.deploy.files import DEPLOY, VARIABLES, instructions

FILES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
VERSION = "1.37"  # the oldest one whose `sleep` needs no feature gate is 1.34
MANIFESTS: dict[str, Any] = {}
for file in FILES:
    manifest = yaml.safe_load(file.read_text())
    MANIFESTS[manifest["kind"]] = manifest


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_fits_its_schema(kind: str) -> None:
    kubernetes_validate.validate(MANIFESTS[kind], VERSION, strict=True)
    worse = deepcopy(MANIFESTS[kind]) | {"specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(worse, VERSION, strict=True)


def pod(kind: str) -> Any:
    return MANIFESTS[kind]["spec"]["template"]["spec"]


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_a_pod_may_do_no_more_than_it_needs(kind: str) -> None:
    """What the Pod Security Standard `restricted` asks, and a root file system that can't be written to."""
    spec, [container] = pod(kind), pod(kind)["containers"]
    user = dict(instructions(DEPLOY / "Dockerfile"))["USER"].split(":")
    assert [str(spec["securityContext"][name]) for name in ("runAsUser", "runAsGroup")] == user
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} == set(container["resources"]["requests"])
    assert "memory" in container["resources"]["limits"]
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in spec["volumes"]}


def test_a_pod_that_ends_is_given_the_time_to_drain() -> None:
    command = json.loads(dict(instructions(DEPLOY / "Dockerfile"))["CMD"])
    graceful = int(command[command.index("--timeout-graceful-shutdown") + 1])
    [container] = pod("Deployment")["containers"]
    drain = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert drain >= 5
    assert pod("Deployment")["terminationGracePeriodSeconds"] >= drain + graceful + 5


def test_probes_ask_routes_that_the_application_has() -> None:
    from examples.food_delivery.app import create_app
    from vivace.routing import iter_route_contexts

    settings = Settings(_env_file=None, database_url="sqlite:///nowhere.db")
    paths = {getattr(route, "path_format", None) for route in iter_route_contexts(create_app(settings).routes)}
    [container] = pod("Deployment")["containers"]
    probes = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert set(probes.values()) <= paths
    assert probes["readinessProbe"].endswith("/ready")
    assert probes["livenessProbe"].endswith("/live"), "what a database's failure must not restart"
    assert MANIFESTS["Deployment"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"] in paths


def test_what_belongs_together_has_the_same_names() -> None:
    labels = MANIFESTS["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    assert MANIFESTS["Deployment"]["spec"]["selector"]["matchLabels"].items() <= labels
    assert MANIFESTS["Service"]["spec"]["selector"].items() <= labels
    assert MANIFESTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items() <= labels
    job = MANIFESTS["Job"]["spec"]["template"]["metadata"]["labels"].items()
    assert not MANIFESTS["Service"]["spec"]["selector"].items() <= job, "the migration is sent no requests"
    target = MANIFESTS["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", MANIFESTS["Deployment"]["metadata"]["name"])
    assert "replicas" not in MANIFESTS["Deployment"]["spec"], "it would be set back with each release"
    assert pod("Job")["containers"][0]["image"] == pod("Deployment")["containers"][0]["image"]


def test_all_that_is_configured_is_a_setting() -> None:
    secrets, data = MANIFESTS["Secret"]["stringData"], MANIFESTS["ConfigMap"]["data"]
    assert set(secrets) == {"food_database_url", "food_secret_key"}
    assert set(secrets) <= VARIABLES
    assert {name.lower() for name in data} <= VARIABLES | {"forwarded_allow_ips"}
    mounts = {mount["name"]: mount["mountPath"] for mount in pod("Deployment")["containers"][0]["volumeMounts"]}
    assert mounts["secrets"] == data["FOOD_SECRETS_DIR"]
    values = {name.lower().removeprefix("food_"): value for name, value in data.items()}
    Settings.model_validate(values | {"database_url": "postgresql://a:b@c/d", "secret_key": "x" * 32})
