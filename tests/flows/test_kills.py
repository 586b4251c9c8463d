"""``kill -9`` anywhere loses nothing that was answered and counts nothing twice (design: exactly once, acting once)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAMED = [
    *(f"before_append:{n}" for n in (2, 40)),
    *(f"after_append:{n}" for n in (1, 33, 200)),
    *(f"before_fold:{n}" for n in (7, 90)),
    *(f"after_fold:{n}" for n in (8, 150)),
    *(f"before_commit:{n}" for n in (3, 120)),
    *(f"after_commit:{n}" for n in (4, 77, 250)),
    *(f"before_answer:{n}" for n in (5, 101)),
    *(f"after_answer:{n}" for n in (6, 180)),
    *(f"sending:{n}" for n in (1, 14, 30)),
    *(f"after_vendor:{n}" for n in (1, 9, 21)),
    *(f"before_done:{n}" for n in (2, 17)),
    *(f"after_done:{n}" for n in (3, 25)),
    *(f"before_snapshot:{n}" for n in (1, 3)),
    *(f"after_snapshot:{n}" for n in (1, 4)),
]
ANYWHERE = [f"share:{place / 20:.2f}" for place in range(1, 19)]
"""Shares of the undisturbed run's time: wherever that is in the code."""
assert len(NAMED) + len(ANYWHERE) >= 50
assert len(NAMED) >= 25


def runs(folder: Path, kills: list[str]) -> list[dict[str, Any]]:
    """The undisturbed run first, then one for each kill."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killing", str(folder)],
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


@pytest.fixture(scope="module")
def straight_and_killed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return runs(tmp_path_factory.mktemp("kills"), [*NAMED, *ANYWHERE])


def test_the_show_is_worth_killing(straight_and_killed: list[dict[str, Any]]) -> None:
    straight = straight_and_killed[0]
    counts = {table: int(text.split(":")[0]) for table, text in straight["rows"].items()}
    assert straight["kills"] == 0
    assert min(counts[table] for table in ("comments", "orders", "outbox", "cues", "stock")) >= 2
    assert len(straight["calls"]) > 20


@pytest.mark.parametrize("place", range(len(NAMED) + len(ANYWHERE)), ids=[*NAMED, *ANYWHERE])
def test_every_row_and_every_call_is_as_without_the_kill(straight_and_killed: list[dict[str, Any]], place: int) -> None:
    straight, killed = straight_and_killed[0], straight_and_killed[place + 1]
    if killed["kill"] in NAMED:
        assert killed["kills"] == 1, "this fail point was not passed so often"
    assert killed["rows"] == straight["rows"]
    assert killed["calls"] == straight["calls"]
