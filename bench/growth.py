"""What grows in a long show: ``python -m bench.growth [million events] [people]``, a pump in this process, no HTTP.

The lines of the soak go through everything a post goes through, at a clock of 2,000 events a second, as fast as the
machine can. Two thirds are the warm-up: until then people, keys of mass events (at most 400,000) and windows fill.
Behind it the allocations that stay are told by the line of code that made them (tracemalloc), in bytes an event: what
an hour adds is 7.2 million times that.
"""

import gc
import json
import shutil
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from bench.ingest import prepare
from bench.memory import memory_of
from bench.soak import LINES, RATE
from livecue.app import App
from livecue.app.heap import settle_heap
from livecue.config import load_settings
from livecue.events import ClockTicked, Event
from livecue.flow import TICK_MS, Pump, read_lines
from livecue.integrations.simulator import load_lines, load_opening

ROOT = Path(__file__).parents[1]
PEOPLE = 200_000
"""Those of the soak."""


class Show:
    """One room, its clock driven by what was sent."""

    def __init__(self, folder: Path, people: int) -> None:
        prepare(folder, 1)
        self.app = App(load_settings(data=folder))
        pump = self.app.pump
        assert isinstance(pump, Pump), "one program does all here"
        self.pump = pump
        pump.start()
        self.now = int(time.time() * 1000) // TICK_MS * TICK_MS
        self._blocks = load_lines(7, 20_000, start_ms=self.now, lines=LINES, people=people)
        self._post(read_lines(load_opening(self.now), self.now).events, "bridge:bench")
        self.sent = 0

    def _post(self, events: list[Event], source: str) -> None:
        self.pump.post("bench0", events, source=source, arrived=self.now).result(600)

    def play(self, events: int) -> None:
        """So many more, with the ticks that lie between."""
        until = self.sent + events
        while self.sent < until:
            self._post(read_lines(next(self._blocks).body, self.now).events, "bridge:bench")
            self.sent += LINES
            ticks = int(self.sent * 1000 / RATE / TICK_MS) - int((self.sent - LINES) * 1000 / RATE / TICK_MS)
            for _ in range(ticks):
                self.now += TICK_MS
                self._post([ClockTicked(now=self.now)], "livecue")

    def close(self) -> None:
        self.app.pump.stop()
        self.app.reader.close()
        self.app.release()


def growth(events: int, people: int = PEOPLE, most: int = 25) -> dict[str, Any]:
    """Memory behind the warm-up and three times behind it, and what stayed of what was made since."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    try:
        show = Show(folder, people)
        settle_heap()
        show.play(events * 2 // 3)
        marks = [{"events": show.sent, **memory_of()}]
        tracemalloc.start(1)
        gc.collect()
        before = tracemalloc.take_snapshot()
        began = tracemalloc.get_traced_memory()[0]
        for _ in range(3):
            show.play(events // 9)
            gc.collect()
            marks.append(
                {"events": show.sent, **memory_of(), "traced_mb": round(tracemalloc.get_traced_memory()[0] / 1e6, 1)}
            )
        after = tracemalloc.take_snapshot()
        grown = tracemalloc.get_traced_memory()[0] - began
        tracemalloc.stop()
        behind = show.sent - marks[0]["events"]
        lines = [stat for stat in after.compare_to(before, "lineno") if stat.size_diff > 0][:most]
        show.close()
        return {
            "marks": marks,
            "python_bytes_per_event": round(grown / behind, 2),
            "what_stays": {
                f"{_short(stat.traceback[0].filename)}:{stat.traceback[0].lineno}": round(stat.size_diff / behind, 3)
                for stat in lines
            },
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


if __name__ == "__main__":
    events = float(sys.argv[1]) if len(sys.argv) > 1 else 2.4
    people = int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE
    print(json.dumps(growth(int(events * 1_000_000), people), indent=1))
