"""What may not be in the tree: addresses of registries, paths of one machine, what is built, private data."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT, found, text_of, texts, tracked, untracked

# Written in two halves, or this file would be its own first finding.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "pypi.tuna" + ".tsinghua",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "npmmirror" + ".com",
    "deb." + "debian",
    "mirrors." + "aliyun",
    "proxy." + "golang",
)
MACHINE = re.compile(
    "/wo"
    + r"rk/(main|shared|\.library)|/fa"
    + r"rm/|/opt/py"
    + r"pi|/opt/wh"
    + r"eels|/ro"
    + r"ot/\.|/ho"
    + r"me/\w+/|"
    r"C:\\\\?Us" + r"ers\\"
)
NEIGHBOUR = ".." + "/shared"

BUILT = re.compile(
    r"(^|/)(node_modules|__pycache__|\.venv|dist|coverage|test-results)/|^build/|^livecue/web/static/|"
    r"\.(pyc|pyo|whl|so|pyd|dylib|tsbuildinfo|egg|db|db-wal|db-shm|sqlite3?|log|orig|rej)$|(^|/)uv\.lock$"
)
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-node.txt")


def test_no_registry_is_named() -> None:
    wrong = [found(host, path, text) for path, text in texts() for host in REGISTRIES if host in text]
    assert wrong == []


def test_no_path_of_a_machine() -> None:
    wrong = [f"{path}: {hit.group()}" for path, text in texts() for hit in [MACHINE.search(text)] if hit]
    assert wrong == []


def test_the_neighbour_folder_is_known_to_the_ci_alone() -> None:
    wrong = [found(NEIGHBOUR, path, text) for path, text in texts() if NEIGHBOUR in text and path != Path(".ci/run")]
    assert wrong == []


def test_nothing_built_is_kept_or_left_lying() -> None:
    assert [str(path) for path in (*tracked(), *untracked()) if BUILT.search(path.as_posix())] == []


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    path = Path("ui/package-lock.json")
    if not (ROOT / path).exists():
        pytest.fail("ui/package-lock.json is missing")
    text = text_of(path)
    assert '"resolved"' not in text
    bare = [
        name
        for name, about in json.loads(text)["packages"].items()
        if name and not about.get("link") and not about.get("inBundle") and "integrity" not in about
    ]
    assert bare == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(name: str) -> None:
    lines = text_of(Path(name)).splitlines()
    assert not [line for line in lines if line.startswith("-")], "an option line, such as an index address"
    starts = [index for index, line in enumerate(lines) if line and line[0] not in " #"]
    assert starts
    for index in starts:
        assert "==" in lines[index], lines[index]
        assert lines[index + 1].strip().startswith("--hash=sha256:"), lines[index]


def pins(name: str) -> dict[str, set[str]]:
    """name -> versions (more than one where systems differ)."""
    found_pins: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-zA-Z0-9._-]+)==([^ \\;]+)", text_of(Path(name)), re.M):
        found_pins.setdefault(canonicalize_name(package), set()).add(version)
    return found_pins


def test_the_locks_hold_what_the_project_asks_for_and_agree() -> None:
    project = tomllib.loads(text_of(Path("pyproject.toml")))
    groups = project["dependency-groups"]
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-build.txt": groups["build"],
        "requirements-node.txt": groups["node"],
        "requirements-dev.txt": [*project["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    everything = pins("requirements-dev.txt")
    for name, wanted in asked.items():
        locked = pins(name)
        for requirement in map(Requirement, wanted):
            versions = locked.get(canonicalize_name(requirement.name), set())
            assert versions, f"{name} lacks {requirement.name}: run python3 tasks.py lock"
            assert all(requirement.specifier.contains(version) for version in versions), f"{name}: {requirement}"
        if name != "requirements-node.txt":
            assert all(everything.get(package) == versions for package, versions in locked.items()), name


def test_the_ci_file_can_be_run() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
