"""The same show while the disk is full, or while PostgreSQL is crashed and comes back under load.

``python -m tests.faults.starved disk FOLDER`` (FOLDER lies on a small disk of its own) or ``... postgres FOLDER``
prints one JSON line: what was refused meanwhile, and what was wrong in the end.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults import checker
from tests.faults.runs import Child, Run, furnish
from tests.postgres import Cluster, new_database

SEED = 77


class Starved(Run):
    """A show whose middle third meets the trouble that ``begin`` makes and ``end`` takes away."""

    def __init__(self, folder: Path, dsn: str, begin: Callable[[], None], end: Callable[[], None], kill: bool) -> None:
        super().__init__(SEED, folder, dsn)
        self._begin, self._end, self._kill = begin, end, kill

    def go(self) -> dict[str, Any]:
        """Run to the end; what was refused and what was wrong."""
        order = self._reordered()
        third = len(order) // 3
        child = self._start("")
        assert child is not None
        self._told(child, order[:third])
        self._begin()
        try:
            self._told(child, order[third : 2 * third])
            child.tell({"tell": "drain"})
            alive = child.until("drained") is not None
        finally:
            self._end()
        self._sent.update(order[: 2 * third])
        if self._kill:
            child.signal(signal.SIGKILL)
        elif alive:
            # The same process takes what it refused before.
            again = [number for number, line in child.acks.items() if line["say"] != "ack"]
            self._take(child)
            for number in again:
                del child.acks[number]
            self._told(child, again)
            child.tell({"tell": "stop"})
        self._take(child)
        code = child.end()
        self._take(child)
        self.kills.append("starved")
        wrong = self._missing()
        if not self._kill and (not alive or code != 0):
            wrong.append(f"the program did not live through it: {code}")
        wrong += self._whole(order[2 * third :])
        wrong += checker.wrong(self._folder, self._dsn, self._expected, self._platform.effects, self._platform.refusals)
        return {"refused": self.refused, "wrong": wrong}

    def _told(self, child: Child, numbers: list[int]) -> None:
        """Send these and hear an answer to each."""
        for number in numbers:
            self._send(child, number)
            while len(self._sent_here(child, numbers)) > len(numbers) and child.hear():
                pass
        while self._sent_here(child, numbers) and child.hear():
            pass


def on_a_full_disk(folder: Path, kill: bool) -> dict[str, Any]:
    """Fill the disk that ``folder`` lies on, then make room again."""
    data = folder / "data"
    furnish(data, "")
    ballast = folder / "ballast"

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    found = Starved(data, "", fill, ballast.unlink, kill).go()
    shutil.rmtree(data)
    return found


def on_a_crashing_postgres(folder: Path, kill: bool) -> dict[str, Any]:
    """Crash the server while batches come in, and start it again a moment later."""
    cluster = Cluster(durable=True)
    cluster.start()
    try:
        dsn = new_database(cluster.dsn(), "faults")
        furnish(folder / "data", dsn)

        def again() -> None:
            time.sleep(0.3)
            cluster.stop("immediate")
            time.sleep(0.5)
            cluster.start()

        restarting = threading.Thread(target=again)
        return Starved(folder / "data", dsn, restarting.start, restarting.join, kill).go()
    finally:
        cluster.remove()


def main() -> None:
    """See the module."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    ways = {"disk": on_a_full_disk, "postgres": on_a_crashing_postgres}
    found = ways[what](folder, "kill" in sys.argv[3:])
    print(json.dumps(found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
