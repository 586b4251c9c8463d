"""The same lines through stream engines that do only a windowed count in memory; ``python -m bench.peers [lines]``.

Writes the load mix of ``bench.ingest`` to files under build/peers, runs each engine in an environment of its own
(``bench/peers/<name>/requirements.txt``, made under build/peers on the first run) and prints events/s from the first
line to the last window, the time the engine took to come up, and the highest memory of all its processes. None of
them does what LiveCue does: they do not store, know no duplicates, watch no rule, judge no comment and answer nobody.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.promise import NOTHING
from livecue.integrations.simulator import load_lines

HERE = Path(__file__).parent
PLACE = Path("build") / "peers"
PEERS = ("bytewax", "pyspark", "flink")
FILES = 20
LINES = 2_000


def write_lines(count: int) -> Path:
    """``count`` lines of the mix in ``FILES`` files of one folder; made once."""
    folder = PLACE / f"lines-{count}"
    if not folder.is_dir():
        blocks = load_lines(1, 40_000, start_ms=1_790_000_000_000, lines=LINES)
        fresh = PLACE / f"lines-{count}.part"
        fresh.mkdir(parents=True, exist_ok=True)
        for number in range(FILES):
            with (fresh / f"{number:03}.ndjson").open("wb") as out:
                for _ in range(count // FILES // LINES):
                    out.write(next(blocks).body)
        fresh.rename(folder)
    return folder


def environment(name: str) -> Path | None:
    """The peer's own Python; None where it cannot be installed here."""
    python = PLACE / name / "bin" / "python"
    if not python.is_file():
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, PLACE / name], check=True)
        locked = HERE / name / "requirements.txt"
        done = subprocess.run([uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", locked])
        if done.returncode:
            return None
    return python


def _memory_mb(pid: int) -> float:
    """Resident memory of a process and all it started."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)
    return own + sum(_memory_mb(int(child)) for child in children)


def run(name: str, folder: Path) -> dict[str, Any]:
    """One engine over the files: what it said, and what it took."""
    python = environment(name)
    if python is None:
        return {"not_run": "its packages could not be installed"}
    began = time.monotonic()
    before = os.times()
    process = subprocess.Popen(
        [str(python), str(HERE / name / "count.py"), str(folder)],
        stdout=subprocess.PIPE,
        stderr=(PLACE / f"{name}.log").open("wb"),
        text=True,
    )
    highest = 0.0
    while process.poll() is None:
        highest = max(highest, _memory_mb(process.pid))
        time.sleep(0.2)
    after = os.times()
    assert process.stdout is not None
    said = [line for line in process.stdout.read().splitlines() if line.startswith("{")]
    if process.returncode or not said:
        return {"not_run": f"it failed; see {PLACE / f'{name}.log'}"}
    told = json.loads(said[-1])
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {
        **told,
        "events_per_s": round(told["events"] / told["seconds"]),
        "whole_s": round(time.monotonic() - began, 1),
        "cpu_us_per_event": round(1e6 * cpu / told["events"], 2),
        "memory_mb": round(highest),
        "promise": NOTHING,
    }


def peers(lines: int = 1_000_000) -> dict[str, Any]:
    """Every engine, one after the other."""
    folder = write_lines(lines)
    return {name: run(name, folder) for name in PEERS}


if __name__ == "__main__":
    print(json.dumps(peers(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000), indent=1))
