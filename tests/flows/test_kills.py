"""``kill -9`` anywhere loses nothing that was answered and counts nothing twice (design: exactly once, acting once)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Cluster

NAMED = [
    *(f"before_append:{n}" for n in (2, 40)),
    *(f"after_append:{n}" for n in (1, 33, 120)),
    *(f"before_fold:{n}" for n in (7, 60)),
    *(f"after_fold:{n}" for n in (8, 120)),
    *(f"before_commit:{n}" for n in (3, 99)),
    *(f"after_commit:{n}" for n in (4, 77, 130)),
    *(f"before_answer:{n}" for n in (5, 101)),
    *(f"after_answer:{n}" for n in (6, 110)),
    *(f"sending:{n}" for n in (1, 9, 18)),
    *(f"after_vendor:{n}" for n in (1, 9, 17)),
    *(f"before_done:{n}" for n in (2, 13)),
    *(f"after_done:{n}" for n in (3, 15)),
    *(f"before_snapshot:{n}" for n in (1, 2)),
    *(f"after_snapshot:{n}" for n in (1, 2)),
]
ANYWHERE = [f"share:{place / 20:.2f}" for place in range(1, 19)]
"""Shares of the undisturbed run's time: wherever that is in the code."""
assert len(NAMED) + len(ANYWHERE) >= 50
assert len(NAMED) >= 25


def runs(folder: Path, kills: list[str], server: str = "") -> list[dict[str, Any]]:
    """The undisturbed run first, then one for each kill; on a PostgreSQL when ``server`` names one."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killing", str(folder), *([server] if server else [])],
        input="\n".join(["", *kills]) + "\n",
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert all("failed" not in run for run in found), done.stderr[-3000:]
    return found


QUICK = [*NAMED[::3], *ANYWHERE[4::9]]
"""Most kinds of fail point once or twice and two anywhere: what `make test` has time for. `make faults` runs all."""


def compare(straight: dict[str, Any], killed: dict[str, Any]) -> None:
    """Every row and every call is as without the kill."""
    if killed["kill"] in NAMED:
        assert killed["kills"] == 1, f"{killed['kill']}: this fail point was not passed so often"
    assert killed["rows"] == straight["rows"], killed["kill"]
    assert killed["calls"] == straight["calls"], killed["kill"]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return runs(tmp_path_factory.mktemp("kills") / "kills", QUICK)


def test_a_kill_loses_nothing_and_doubles_nothing(quick: list[dict[str, Any]]) -> None:
    straight, *killed = quick
    counts = {table: int(text.split(":")[0]) for table, text in straight["rows"].items()}
    assert straight["kills"] == 0
    assert min(counts[table] for table in ("comments", "orders", "outbox", "cues", "stock")) >= 2
    assert len(straight["calls"]) > 10
    assert len(killed) == len(QUICK)
    for one in killed:
        compare(straight, one)


def test_on_postgres_the_same_rows_survive_the_same_kills(
    tmp_path: Path, postgres: Cluster, quick: list[dict[str, Any]]
) -> None:
    """Row by row what SQLite holds, undisturbed and killed."""
    plain = quick[0]
    straight, *killed = runs(tmp_path / "kills", ["after_commit:77"], postgres.dsn())
    for one in (straight, *killed):
        compare(plain, one)


@pytest.mark.faults
def test_fifty_kills_on_postgres(tmp_path: Path, postgres: Cluster) -> None:
    straight, *killed = runs(tmp_path / "kills", [*NAMED, *ANYWHERE], postgres.dsn())
    assert len(killed) >= 50
    for one in killed:
        compare(straight, one)


@pytest.mark.faults
def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    straight, *killed = runs(tmp_path / "kills", [*NAMED, *ANYWHERE])
    assert len(killed) >= 50
    for one in killed:
        compare(straight, one)
