"""A full disk and a crashing database refuse, and lose nothing; the program lives through it, or is killed in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import server_folder


def starved(what: str, folder: Path, *how: str) -> dict[str, Any]:
    """One run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.starved", what, str(folder), *how],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("not run: full disk (mounting a tmpfs needs root)")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"not run: full disk (mounting is not permitted here: {mounted.stderr.strip()})")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.faults
@pytest.mark.parametrize("how", [(), ("kill",)], ids=["lives", "killed"])
def test_a_full_disk_refuses_and_loses_nothing(small_disk: Path, how: tuple[str, ...]) -> None:
    found = starved("disk", small_disk, *how)
    assert found["wrong"] == []
    assert found["refused"] > 0, "the disk was never full: nothing was shown"


@pytest.mark.faults
@pytest.mark.parametrize("how", [(), ("kill",)], ids=["lives", "killed"])
def test_a_crashing_postgres_loses_nothing(tmp_path: Path, how: tuple[str, ...]) -> None:
    if server_folder() is None:
        pytest.skip("not run: PostgreSQL (install postgresql)")
    found = starved("postgres", tmp_path, *how)
    assert found["wrong"] == []
