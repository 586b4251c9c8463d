"""The examples of deploy/ that are not run here: held against schemas where there are some, and against the program."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec import PyCompose

from livecue.config import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
KUBERNETES = DEPLOY / "kubernetes" / "livecue.yaml"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
VERSIONS = ("1.30", "1.33")


def settings_named(text: str) -> set[str]:
    return {name.lower() for name in re.findall(r"\bLIVECUE_([A-Z_]+)\b", text)}


def roles_in(commands: list[list[str]]) -> list[set[str]]:
    return [set(command[command.index("--roles") + 1].split(",")) for command in commands if "--roles" in command]


def objects() -> list[dict[str, Any]]:
    return [item for item in yaml.safe_load_all(KUBERNETES.read_text("utf-8")) if item]


def test_the_compose_file_is_one() -> None:
    """By the Compose specification (package compose-spec), with its variables filled in as compose does first."""
    text = re.sub(r"\$\{(\w+)[^}]*\}", r"\1", COMPOSE.read_text("utf-8")).replace("LIVECUE_IMAGE", "livecue")
    PyCompose.from_json(json.dumps(yaml.safe_load(text)))
    with pytest.raises(ValueError, match="perhaps"):
        PyCompose.from_json(json.dumps(yaml.safe_load(text.replace("restart: unless-stopped", "restart: perhaps"))))
    with pytest.raises(ValueError, match="volums"):
        PyCompose.from_json(json.dumps(yaml.safe_load(text.replace("volumes: [", "volums: ["))))


def test_the_compose_file_brings_up_the_whole_shape() -> None:
    found = yaml.safe_load(COMPOSE.read_text("utf-8"))
    services = found["services"]
    assert [name for name in services if name.startswith("nats")] == ["nats1", "nats2", "nats3"]
    programs = [one["command"] for one in services.values() if one.get("command", [""])[0] == "livecue"]
    assert sorted(map(sorted, roles_in(programs))) == [["intake", "web"]] * 2 + [["pump", "runner"]] * 2
    named = set()
    for one in services.values():
        mounts = [mount.split(":")[0] for mount in one.get("volumes", ())]
        named |= {mount for mount in mounts if not mount.startswith(".")}
        for file in mounts:
            assert not file.startswith(".") or (COMPOSE.parent / file).is_file(), file
    assert named == set(found["volumes"])
    proxy = (COMPOSE.parent / "nginx.conf").read_text("utf-8")
    assert set(re.findall(r"server (web\d):8642", proxy)) == {"web1", "web2"}
    routes = re.findall(r"nats://(nats\d):6222", (COMPOSE.parent / "nats.conf").read_text("utf-8"))
    assert routes == ["nats1", "nats2", "nats3"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_of_kubernetes_is_one(version: str) -> None:
    """By the schemas of Kubernetes (package kubernetes-validate), strictly: no field that it does not know."""
    for item in objects():
        kubernetes_validate.validate(item, version, strict=True)
    broken = next(item for item in objects() if item["kind"] == "StatefulSet")
    broken["spec"]["replica"] = 3
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, version, strict=True)


def test_the_objects_of_kubernetes_fit_each_other() -> None:
    found = objects()
    by = {(item["kind"], item["metadata"]["name"]): item for item in found}
    assert len(by) == len(found)
    sets = [item for item in found if item["kind"] == "StatefulSet"]
    for item in sets:
        spec = item["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"].items() <= labels.items()
        assert by["Service", spec["serviceName"]]["spec"]["selector"].items() <= labels.items()
        for container in spec["template"]["spec"]["containers"]:
            ports = {port["name"] for port in container["ports"]}
            for probe in ("startupProbe", "readinessProbe"):
                asked = container.get(probe, {})
                target = (asked.get("httpGet") or asked.get("tcpSocket") or {"port": next(iter(ports))})["port"]
                assert target in ports
            for source in container.get("envFrom", ()):
                assert ("ConfigMap", source["configMapRef"]["name"]) in by
            volumes = {one["metadata"]["name"] for one in spec["volumeClaimTemplates"]}
            volumes |= {one["name"] for one in spec["template"]["spec"].get("volumes", ())}
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    commands = [one["spec"]["template"]["spec"]["containers"][0]["args"] for one in sets]
    assert set.union(*roles_in(commands)) == {"intake", "pump", "runner", "web"}
    backend = by["Ingress", "web"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert ("Service", backend["name"]) in by


def test_every_setting_that_is_named_exists() -> None:
    own = {"image", "db_password", "nats_password", "installation"}
    for file in [COMPOSE, KUBERNETES, *UNITS]:
        unknown = settings_named(file.read_text("utf-8")) - set(Settings.model_fields) - own
        assert not unknown, f"{file.name}: {unknown}"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_hold_what_a_service_needs(unit: Path, tmp_path: Path) -> None:
    """Our own check of structure (there is no schema of units as a package), and systemd's where it is installed."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    parser.read(unit, "utf-8")
    assert parser.sections() == ["Unit", "Service", "Install"]
    service = parser["Service"]
    command = service["ExecStart"].split()
    assert command[0].startswith("/") and command[1] == "serve" and "--data" in command
    # A program that was struck out must come back; one that stops needs time for its snapshots.
    assert service["Restart"] == "always" and int(service["TimeoutStopSec"]) >= 60
    assert service["KillSignal"] == "SIGTERM" and service["User"] != "root"
    assert parser["Install"]["WantedBy"] == "multi-user.target"
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        copy = tmp_path / unit.name.replace("@", "@pump1")
        copy.write_text(unit.read_text("utf-8").replace(command[0], "/bin/true"), "utf-8")
        told = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60)
        wrong = [line for line in told.stderr.splitlines() if unit.name.partition(".")[0].rstrip("@") in line]
        assert not [line for line in wrong if "Unknown" in line or "Failed to parse" in line], told.stderr


def test_each_example_says_that_it_is_not_run_here() -> None:
    for file in [COMPOSE, KUBERNETES, *UNITS, COMPOSE.parent / "Dockerfile"]:
        assert "Not run here" in file.read_text("utf-8"), file.name
