"""What each stage of the hot path costs: CPU of one thread, without HTTP; ``python -m bench.stages [events]``.

Bodies of the load mix go through everything a post goes through (decoding, packing, append, fold, commit with fsync),
one after the other in one thread; the clock is that thread's CPU time, and a yardstick says how fast the machine was.
A stage's own time is what it takes without the stages inside it.
"""

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.ingest import LINES, prepare
from livecue.app import App
from livecue.app.heap import settle_heap
from livecue.app.house import DECIDERS, LEDGERS
from livecue.config import load_settings
from livecue.events import ClockTicked, Event
from livecue.flow import Pump, duplicates, folding, intake, post, room
from livecue.flow.pump import cycle
from livecue.integrations.simulator import load_lines, load_opening


class Stages:
    """Own CPU time by stage."""

    def __init__(self) -> None:
        self.own: dict[str, int] = {}
        self._inside = [0]

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, measured."""
        own, inside, clock = self.own, self._inside, time.thread_time_ns

        def run(*values: Any, **named: Any) -> Any:
            inside.append(0)
            began = clock()
            try:
                return function(*values, **named)
            finally:
                took = clock() - began
                own[name] = own.get(name, 0) + took - inside.pop()
                inside[-1] += took

        return run

    def patch(self, place: Any, attribute: str, name: str) -> None:
        """Measure what stands at ``place.attribute`` from now on."""
        setattr(place, attribute, self.timed(name, getattr(place, attribute)))


def watch(stages: Stages) -> None:
    """Put a clock around every stage."""
    stages.patch(post, "encode_events", "packing for the journal")
    stages.patch(cycle, "append_batches", "append to the journal")
    stages.patch(duplicates.Duplicates, "sift", "duplicates")
    for part in LEDGERS:
        stages.patch(part, "fold", part.name)
        stages.patch(part, "picture", "pictures")
    for decider in DECIDERS:
        stages.patch(decider, "decide", decider.name)
    stages.patch(room, "save_record", "record")
    stages.patch(folding, "encode_events", "record")
    stages.patch(room.Room, "snapshot", "snapshots")
    flush = folding.LiveUnit.flush

    def flushed(unit: folding.LiveUnit) -> None:
        if unit.statements:
            stages.timed(f"rows of {unit.part}", flush)(unit)

    setattr(folding.LiveUnit, "flush", flushed)  # noqa: B010


def yardstick() -> float:
    """Milliseconds of CPU for a fixed piece of Python: how fast the machine is at this moment."""
    began = time.thread_time()
    table: dict[int, int] = {}
    for number in range(200_000):
        table[number & 1023] = table.get(number & 1023, 0) + 1
    return 1000 * (time.thread_time() - began)


def measure(events: int, lines: int = LINES, before: int = 200_000) -> dict[str, Any]:
    """Fold ``events`` and say what each stage took (µs CPU an event), after ``before`` that fill the room."""
    folder = Path(tempfile.mkdtemp(prefix="livecue-bench-"))
    try:
        prepare(folder, 1)
        app = App(load_settings(data=folder))
        owner = app.pump
        assert isinstance(owner, Pump), "stages are measured where one program does all"
        stages = Stages()
        now = int(time.time() * 1000)
        blocks = load_lines(1, 100_000, start_ms=now, lines=lines)
        _one(owner, intake.read_lines(load_opening(now), now).events, now)
        tick = now // 250 * 250
        _one(owner, [ClockTicked(now=tick)], now)
        for _ in range(10):
            _one(owner, intake.read_lines(next(blocks).body, now).events, now)
        settle_heap()
        for _ in range(before // lines):
            _one(owner, intake.read_lines(next(blocks).body, now).events, now)
        watch(stages)
        read = stages.timed("decoding", intake.read_lines)
        made = stages.timed("the pump itself", post.Post)
        run = stages.timed("the pump itself", owner._cycle)
        stages.patch(owner._writer, "commit", "commit with fsync")
        done, took, marks, speeds = 0, 0, [], [yardstick()]
        while done < events:
            body = next(blocks).body
            began = time.thread_time_ns()
            run([made("bench0", read(body, now).events, "bridge:bench", "", -1, now, False)])
            done += lines
            if done % 10_000 < lines:
                # As if 40,000 came a second.
                tick += 250
                run([made("bench0", [ClockTicked(now=tick)], "livecue", "", -1, tick, False)])
            took += time.thread_time_ns() - began
            if done % max(lines, events // 5) < lines:
                marks.append((done, round(took / 1000 / done, 2)))
                speeds.append(yardstick())
        own = {name: round(spent / 1000 / done, 3) for name, spent in sorted(stages.own.items(), key=lambda x: -x[1])}
        found = {
            "events": done,
            "lines_per_post": lines,
            "cpu_us_per_event": round(took / 1000 / done, 2),
            "stages_us_per_event": own,
            "running": marks,
            "yardstick_ms": round(sum(speeds) / len(speeds), 1),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        owner._close()
        app.reader.close()
        app.release()
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _one(owner: Pump, events: list[Event], now: int) -> None:
    owner._cycle([post.Post("bench0", events, "bridge:bench", "", -1, now, False)])


if __name__ == "__main__":
    asked = sys.argv[1:]
    print(
        json.dumps(measure(int(asked[0]) if asked else 200_000, int(asked[1]) if len(asked) > 1 else LINES), indent=1)
    )
