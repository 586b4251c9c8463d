"""Killed anywhere, stopped, told twice and out of order, its clock set: nothing acknowledged is lost, nothing doubled.

``make faults`` takes 1,000 kill points; LIVECUE_FAULT_POINTS says another number. What is done is kept in
``build/faults``, so that a run that was broken off goes on: delete the folder to begin anew.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.runs import KILLS
from tests.postgres import Cluster

POINTS = 1_000
PROGRAMS = ("livecue", "tests/faults")
SHM = Path("/dev/shm")


def version() -> str:
    """A hash of the program and of this harness: what was shown of another one is not shown of this one."""
    digest = hashlib.sha256()
    for program in PROGRAMS:
        for file in sorted(Path(program).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def runs(seeds: list[int], root: Path, server: str = "", kept: Path | None = None) -> list[dict[str, Any]]:
    """One run a seed, two at a time; each finished one is written to ``kept`` at once."""
    programs = min(2, len(seeds))
    started = []
    for number in range(programs):
        command = [sys.executable, "-m", "tests.faults.runs", str(root / f"p{number}"), *([server] if server else [])]
        mine = seeds[number::programs]
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert program.stdin is not None
        # All seeds fit into the pipe: nobody waits here while the other program is not read.
        program.stdin.write("".join(f"{seed}\n" for seed in mine))
        program.stdin.close()
        started.append((program, mine))
    found = []
    for program, mine in started:
        assert program.stdout is not None
        for line in program.stdout:
            found.append(json.loads(line))
            if kept is not None:
                with kept.open("a") as file:
                    file.write(line)
        assert program.wait() == 0
        assert {one["seed"] for one in found} >= set(mine)
    return found


def folder() -> Path:
    """Where the data lie: in memory where that is possible, for a disk would be most of the time."""
    return Path(tempfile.mkdtemp(prefix="livecue-faults-", dir=SHM if SHM.is_dir() else None))


def judge(found: list[dict[str, Any]]) -> str:
    """Fails on anything wrong; what was done in one line."""
    wrong = {one["seed"]: one["wrong"] for one in found if one["wrong"]}
    assert not wrong, f"repeat with: echo SEED | python -m tests.faults.runs /tmp/faults\n{wrong}"
    ways = Counter(kill.partition(":")[0] for one in found for kill in one["kills"])
    total = ways.total()
    assert total == KILLS * len(found)
    again, jumps = sum(one["again"] for one in found), sum(one["jumps"] for one in found)
    shown = ", ".join(f"{way} {count}" for way, count in ways.most_common())
    return f"{total} kill points, {len(found)} runs: 0 lost, 0 doubled; {again} batches twice, {jumps} jumps; {shown}"


def test_a_few_kill_points_lose_and_double_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    told = judge(runs([1, 2], folder()))
    with capsys.disabled():
        print(f"\n{told}")


def test_the_checker_sees_what_is_lost_and_what_is_doubled(tmp_path: Path) -> None:
    """The judge judged: a room whose journal lost a batch, and one whose action was done twice."""
    from livecue.store import store_at
    from tests.faults import checker
    from tests.faults import runs as harness
    from tests.faults.show import Expected, batches_of

    harness.furnish(tmp_path / "data", "")
    batches, _ = batches_of(1, 2)
    keys = {event.key for event in batches[0]}
    assert checker.lost(tmp_path / "data", "", keys) == sorted(keys)
    found = checker.wrong(tmp_path / "data", "", Expected(comments={"c"}), {"nobody": 2}, {})
    assert any(text.startswith("comments") for text in found)
    assert any("not in the outbox" in text for text in found)
    store = store_at(tmp_path / "data" / "livecue.db")
    assert "outbox" in store.tables()


@pytest.mark.faults
def test_a_thousand_kill_points_lose_and_double_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    points = int(os.environ.get("LIVECUE_FAULT_POINTS", POINTS))
    kept = Path("build") / "faults" / f"embedded-{version()}.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    done = [json.loads(line) for line in kept.read_text().splitlines()] if kept.is_file() else []
    seeds = range(1_000, 1_000 + -(-points // KILLS))
    left = sorted(set(seeds) - {one["seed"] for one in done})
    found = [one for one in done if one["seed"] in seeds] + runs(left, folder(), kept=kept)
    with capsys.disabled():
        print(f"\n{judge(found)}")


@pytest.mark.faults
def test_kill_points_on_postgres_lose_and_double_nothing(capsys: pytest.CaptureFixture[str], postgres: Cluster) -> None:
    points = int(os.environ.get("LIVECUE_FAULT_POINTS", 200))
    seeds = list(range(5_000, 5_000 + -(-min(points, 200) // KILLS)))
    with capsys.disabled():
        print(f"\nPostgreSQL: {judge(runs(seeds, folder(), postgres.dsn()))}")
