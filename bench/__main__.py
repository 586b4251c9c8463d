"""``make bench``: ingest for 1 and 100 rooms beside a plain peer, event to screen, start-up, memory and disk.

Everything runs through the shipped ``livecue serve`` with default settings. Words given on the command line choose
parts: ingest, rooms, thousand, long, stages, push, crowd, start, peer, peers, spark, selection, roster, reservations,
orders, service, compliance, dialogues. ``ingest@postgresql``, ``@nats``, ``@nats3`` measure a part on servers of the
bench's own. Results are printed and written to build/bench.json.
"""

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

from bench.compliance import compliance
from bench.dialogues import dialogues
from bench.ingest import CONNECTIONS, LINES, Server, _free_port, _generate, ingest
from bench.orders import orders
from bench.peers.__main__ import peers
from bench.promise import SQLITE, promise_of
from bench.push import crowd, push
from bench.reservations import reservations
from bench.roster import roster
from bench.screens import first_content
from bench.selection import selection
from bench.service import service
from bench.shapes import shaped
from bench.spark.__main__ import spark
from bench.stages import measure as stages
from livecue import __version__

PARTS = (
    "start",
    "peer",
    "ingest",
    "rooms",
    "ingest@postgresql",
    "ingest@nats",
    "push",
    "selection",
    "roster",
    "reservations",
    "orders",
    "service",
    "compliance",
    "peers",
    "spark",
)
"""What runs by itself; ``thousand`` rooms, ``long`` (20 million events), ``stages``, ``crowd`` (up to 1,000 clients)
and ``dialogues`` (real data) are asked for by name."""


ANSWERED = frozenset({"ingest", "rooms", "thousand", "long", "push", "crowd", "stages"})
"""What sends to a LiveCue: in the shape of the environment, or in one named behind an @, on servers of the bench's own.
The promise of the shape is printed with each. Others say their own."""
SHAPES = {"postgresql": 0, "nats": 1, "nats3": 3}
"""Nodes of NATS beside PostgreSQL."""


def machine() -> dict[str, Any]:
    """Where this was measured."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "cpu": cpu or platform.processor(),
        "cores": len(Path("/proc/cpuinfo").read_text().split("processor\t")) - 1,
        "memory_gb": round(int(memory) / 1e6),
        "system": platform.platform(),
        "python": platform.python_version(),
        "livecue": __version__,
        "when": time.strftime("%Y-%m-%d"),
    }


def settings() -> dict[str, Any]:
    """How it is measured. What is on the running server says itself, before each ingest run."""
    return {
        "lines_per_post": LINES,
        "connections": CONNECTIONS,
        "mix": "55 % likes, 20 % entries, 12 % comments, 8 % clicks, 3 % gifts and follows, 2 % orders; 1 % repeats",
        "promise": promise_of(),
    }


def start_up() -> dict[str, float]:
    """Seconds from the command to the first answer: on a new folder, and on one that exists."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    found = {}
    try:
        for name in ("new", "existing"):
            begin = time.monotonic()
            server = Server(folder)
            found[f"{name}_s"] = round(time.monotonic() - begin, 2)
            found[f"{name}_memory_mb"] = round(server.memory_mb())
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def peer(seconds: float) -> dict[str, Any]:
    """The plain peer under the same generator."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.peer", str(folder / "peer.db"), str(port)])
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
                break
            except OSError:
                time.sleep(0.05)
        queue: Queue[dict[str, Any]] = Queue()
        sender = Process(target=_generate, args=(port, ["none"], seconds, None, LINES, CONNECTIONS, queue))
        sender.start()
        found = queue.get(timeout=seconds * 4 + 60)
        sender.join()
        return {
            "acknowledged_per_s": round(found["sent"] / found["seconds"]),
            "p99_ms": found["p99_ms"],
            "promise": SQLITE,
        }
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the parts that were asked for."""
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        return
    asked = [word for word in sys.argv[1:] if not word.startswith("-")] or list(PARTS)
    found: dict[str, Any] = {"machine": machine(), "settings": settings()}
    print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
    runs: dict[str, Any] = {
        "start": lambda: {**start_up(), "first_content": first_content()},
        "peer": lambda: peer(15),
        "ingest": lambda: ingest(1, 60),
        "rooms": lambda: ingest(100, 60),
        "thousand": lambda: ingest(1000, 60, lines=200),
        "long": lambda: ingest(1, 3600, events=20_000_000),
        "push": lambda: push(200, 5000, 30, True),
        "crowd": crowd,
        "stages": lambda: stages(400_000),
        "peers": peers,
        "spark": spark,
        "roster": roster,
        "selection": selection,
        "reservations": reservations,
        "orders": orders,
        "service": service,
        "compliance": compliance,
        "dialogues": dialogues,
    }
    for name in asked:
        part, _, place = name.partition("@")
        if part not in runs or place not in ("", *SHAPES) or (place and part not in ANSWERED):
            parts = ", ".join(f"{part}[@{'|'.join(SHAPES)}]" if part in ANSWERED else part for part in runs)
            raise SystemExit(f"no part is called {name}; parts: {parts}")
    for name in asked:
        part, _, place = name.partition("@")
        begin = time.monotonic()
        found[name] = shaped(SHAPES[place], runs[part]) if place else runs[part]()
        if part in ANSWERED and not place:
            found[name]["promise"] = promise_of()
        print(
            f"\n{name} ({time.monotonic() - begin:.0f} s)\n{json.dumps(found[name], indent=1, ensure_ascii=False)}",
            flush=True,
        )
    if "peer" in found and "ingest" in found:
        ratio = found["ingest"]["acknowledged_per_s"] / found["peer"]["acknowledged_per_s"]
        print(f"\nLiveCue with everything on takes {ratio:.1f} times what the plain peer takes.")
    out = Path("build") / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
