"""A room with closed shows in its journal, made by hand, and what it takes to archive it.

Called as a program by the kill tests: ``python -m tests.store.history.made FOLDER [DSN]`` reads fail points
(``name:n``) from standard input, one a line; for each it archives a fresh copy of the room, is killed there, lets a
successor finish, and writes one JSON line with what is left.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from livecue.events import (
    ClockTicked,
    CommentPosted,
    CueSeen,
    Event,
    LikeGiven,
    OrderPaid,
    UnknownSeen,
    ViewerEntered,
    encode_events,
)
from livecue.kit import ManualClock, arm
from livecue.store import (
    Archiver,
    Batch,
    History,
    Reader,
    Record,
    Snapshot,
    Store,
    Writer,
    append_batches,
    every_history_file,
    history_place,
    read_batches,
    read_records,
    save_cursor,
    save_record,
    save_snapshot,
    store_at,
    transaction,
)

T = TypeVar("T")
DAY = 86_400_000
START = 1_790_006_400_000 // DAY * DAY
"""00:00 UTC, 08:00 in Shanghai."""
SHOWS = ((START + 3_600_000, START + 7_200_000), (START + 10_800_000, START + 14_400_000))
ROOM = "房间/1"
ODD = ["黑色还有吗？😀", 'it\'s "odd"', "back\\slash\nline", "␀\u0000", "", "0.1", "null"]


def batches(count: int, seed: int = 7) -> list[tuple[Batch, Record]]:
    """Batches from an hour before the first show to an hour after the second."""
    chance = random.Random(seed)
    made = []
    first, last = SHOWS[0][0] - 3_600_000, SHOWS[-1][1] + 3_600_000
    for number in range(1, count + 1):
        at = first + (last - first) * number // count
        events: list[Event] = [
            ViewerEntered(key=f"v{number}", at=at, user=f"u{chance.randrange(50)}", name="阿*", via="feed"),
            LikeGiven(key=f"l{number}", count=chance.randrange(1, 99)),
            CommentPosted(
                key=f"c{number}", text=chance.choice(ODD), user=f"u{chance.randrange(50)}", name="小\u2028李"
            ),
            OrderPaid(key=f"o{number}", order=f"o{number}", amount=9900, new_buyer=None),
            UnknownSeen(key=f"x{number}", name="Odd", raw=bytes(range(0, 255, 7))),
            ClockTicked(now=at),
        ]
        if number > 100:
            del events[:-1]
        chance.shuffle(events)
        record = Record()
        if number % 3 == 0:
            said: list[Event] = [CueSeen(cue=f"q{number}")]
            twice, none = encode_events(said * 2), encode_events([])
            record = Record(
                dropped=[0] if number % 2 and number % 11 and number < 100 else [],
                rounds=[(0, 1, "cues", encode_events(said)), (1, 1, "cues", none), (1, 2, "desk", twice)],
                answers=[("sales", b"\x91\x00\xff"), ("sales", b"")],
            )
        source = "bridge:t" if number % 5 else "livecue"
        made.append(
            (
                Batch(room=ROOM, number=number, arrived=at, source=source, events=events if number % 11 else [],
                      connection="c" if number % 4 else "", sequence=number if number % 4 else -1),
                record,
            )
        )  # fmt: skip
    return made


def fill(store: Store, count: int = 60, keep_on_air: bool = False) -> list[tuple[Batch, Record]]:
    """Put the room into an empty store; what it holds."""
    made = batches(count)
    writer = store.writer()
    with transaction(writer):
        writer.put(
            "INSERT INTO rooms (org, brand, room, name, platform, nature, currency, time_zone, language,"
            " category, packs) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            ("o", "b", ROOM, "一号", "p", "real", "CNY", "Asia/Shanghai", "zh", "", ""),
        )
        for number, (began, ended) in enumerate(SHOWS):
            on_air = keep_on_air and number == len(SHOWS) - 1
            writer.put(
                "INSERT INTO shows (org, brand, room, show, title, status, starts_at, started_at, ended_at, version,"
                " plan) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                ("o", "b", ROOM, f"s{number}", "t", "on_air" if on_air else "ended", began, began,
                 0 if on_air else ended, 1, "{}"),
            )  # fmt: skip
        append_batches(writer, "o", "b", [batch for batch, _ in made])
        for batch, record in made:
            save_record(writer, "o", "b", ROOM, batch.number, record)
        save_cursor(writer, "o", "b", ROOM, count)
        for number in (count, count + 1):
            save_snapshot(writer, "o", "b", ROOM, 1, Snapshot(number, 1, {}))
    writer.close()
    return made


def runner(store: Store) -> Callable[[Callable[[Writer], T]], T]:
    """Runs a piece of work in a transaction of its own."""

    def run(work: Callable[[Writer], T]) -> T:
        writer = store.writer()
        try:
            with transaction(writer):
                return work(writer)
        finally:
            writer.close()

    return run


def archiver(store: Store, reader: Reader, history: History, clock: ManualClock, keep_days: int = 7) -> Archiver:
    """An archiver over the store."""
    return Archiver(reader, runner(store), history, clock, keep_days=keep_days)


def everything(reader: Reader) -> tuple[list[Batch], dict[int, Record]]:
    """The room's journal and record, wherever they lie."""
    return list(read_batches(reader, ROOM, 0)), read_records(reader, ROOM, 0, 1 << 40)


def step(store: Store, folder: Path, now: int, keep_days: int = 7) -> None:
    """One step of an archiver of its own."""
    history = History(history_place("", folder), folder / "work")
    reader = store.reader()
    reader.past = history
    archiver(store, reader, history, ManualClock(now), keep_days).step()
    reader.close()


def _kill(folder: Path, point: str, dsn: str) -> dict[str, object]:
    store = store_at(folder / "livecue.db", dsn)
    arm(point)
    # First everything is written, then merged, then dropped: three moments, and one process may die in any.
    for later in (0, 2 * DAY, 9 * DAY):
        step(store, folder, SHOWS[-1][1] + DAY + later)
    return {}


def main() -> None:
    """Answer for every fail point."""
    # Loaded once, and used by the children only.
    import duckdb  # noqa: F401

    folder, dsn = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    for line in sys.stdin:
        point = line.strip()
        work = folder / point.replace(":", "-")
        shutil.copytree(folder / "template", work)
        child = os.fork()
        if child == 0:
            _kill(work, point, dsn)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        again = os.fork()
        if again == 0:
            _kill(work, "", dsn)
            os._exit(0)
        _, finished = os.waitpid(again, 0)
        print(json.dumps({"point": point, "killed": os.WIFSIGNALED(status), "finished": finished == 0}), flush=True)


def files(folder: Path, store: Store) -> tuple[set[str], set[str]]:
    """(files that lie there, files that are noted)."""
    reader = store.reader()
    noted = {file.name for file in every_history_file(reader)}
    reader.close()
    return set(history_place("", folder).names()), noted


if __name__ == "__main__":
    main()
