"""The pump keeps its promises: durable answers, exactly once, the same state after any accident."""

import random
import sqlite3
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livecue.errors import NotFound, StoreFailed
from livecue.events import (
    ClockTicked,
    CommentPosted,
    Event,
    LikeGiven,
    SignalNoticed,
    decode_event,
    decode_events,
)
from livecue.flow import Bus, Pump
from livecue.flow.folding import LateUnit
from livecue.flow.post import SMALL
from livecue.store import Record, SqliteReader, SqliteWriter, Writer, migrate, read_batches
from tests.flow.toy import Queue, Tally, all_rows, queue_pump, toy_pump, toy_rooms


def stream(seed: int, ticks: int = 60) -> list[Event]:
    rng = random.Random(seed)
    events: list[Event] = []
    for tick in range(1, ticks + 1):
        for place in range(rng.randrange(4)):
            key = f"{tick}.{place}"
            if rng.random() < 0.7:
                events.append(LikeGiven(key=key, count=rng.randrange(1, 5), user="u"))
            else:
                events.append(CommentPosted(key=key, text=f"c{key}", user="u"))
            if rng.random() < 0.2:
                events.append(events[-1])
        events.append(ClockTicked(now=tick * 250))
    return events


def announced(path: Path) -> list[tuple[str, bytes]]:
    """What was announced, in order, without the batch numbers and run places that depend on the cut."""
    connection = sqlite3.connect(path)
    import zstandard

    out = []
    for (blob,) in connection.execute("SELECT blob FROM records WHERE room = 'r' ORDER BY number"):
        record = msgspec.msgpack.decode(
            zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 24), type=Record
        )
        for _, _, part, told in record.rounds:
            out += [(part, msgspec.json.encode(event)) for event in decode_events(told)]
    connection.close()
    return out


def feed(path: Path, events: list[Event], cuts: list[int], **options: Any) -> None:
    pump = toy_pump(path, **options)
    bounds = [0, *cuts, len(events)]
    for start, end in pairwise(bounds):
        if end > start:
            pump.post("r", events[start:end], source="s", arrived=1).result(10)
    pump.stop()


def test_an_answer_counts_what_is_new(tmp_path: Path) -> None:
    pump = toy_pump(tmp_path / "a.db")
    comment = CommentPosted(key="1", text="x")
    first = pump.post("r", [comment, comment, LikeGiven(key="2"), LikeGiven(key="2")], source="s").result(10)
    again = pump.post("r", [comment], source="s").result(10)
    pump.stop()
    assert (first.number, first.accepted, first.duplicates) == (1, 2, 2)
    assert (again.number, again.accepted, again.duplicates) == (2, 0, 1)


def waiting_pump(path: Path) -> Pump:
    migrate(path)
    return Pump(SqliteWriter(path), toy_rooms, Bus())


def test_small_posts_that_wait_together_share_a_batch_and_each_hears_of_its_own(tmp_path: Path) -> None:
    pump = waiting_pump(tmp_path / "a.db")
    comment = CommentPosted(key="1", text="x")
    posted = [
        pump.post("r", [comment, LikeGiven(key="a")], source="s"),
        pump.post("r", [LikeGiven(key="a"), comment, LikeGiven(key="b")], source="s"),
        pump.post("r", [LikeGiven(key="c")], source="other"),
        pump.post("r", [LikeGiven(key="d")], source="other", connection="phone", sequence=0),
        pump.post("r", [LikeGiven(key=f"many{n}") for n in range(SMALL + 1)], source="other"),
        pump.post("r", [LikeGiven(key="c"), LikeGiven(key="e")], source="other", wants=True),
        pump.post("missing", [LikeGiven(key="c")], source="other"),
        pump.post("missing", [LikeGiven(key="c")], source="other"),
    ]
    pump.start()
    told = [item.result(10) for item in posted[:6]]
    assert [(t.number, t.accepted, t.duplicates) for t in told] == [
        (1, 2, 0), (1, 1, 2), (2, 1, 0), (3, 1, 0), (4, SMALL + 1, 0), (5, 1, 1),
    ]  # fmt: skip
    for item in posted[6:]:
        with pytest.raises(NotFound, match="missing"):
            item.result(10)
    pump.stop()
    reader = SqliteReader(tmp_path / "a.db")
    batches = list(read_batches(reader, "r", 0))
    assert [len(batch.events) for batch in batches] == [5, 1, 1, SMALL + 1, 2]
    reader.close()


def test_a_sender_that_hangs_up_takes_nothing_from_the_others(tmp_path: Path) -> None:
    """Their posts share a transaction: cancelling one must fail neither the other nor what follows the commit."""
    folded: list[tuple[str, int]] = []
    pump = toy_pump(tmp_path / "a.db", on_folded=lambda room, number: folded.append((room, number)))
    held, going = threading.Event(), threading.Event()

    def hold(_: Writer) -> None:
        going.set()
        assert held.wait(10)

    first = pump.run(hold)
    assert going.wait(10)
    posts = [pump.post("r", [CommentPosted(key=key, text="hm", user="u")], source=key) for key in ("a", "b")]
    job = pump.run(lambda writer: None)
    assert not any(future.cancel() for future in (first, posts[0], job))
    held.set()
    assert [post.result(10).duplicates for post in posts] == [0, 0]
    again = pump.post("r", [CommentPosted(key="a", text="hm", user="u")], source="a").result(10)
    assert (again.accepted, again.duplicates) == (0, 1)
    pump.stop()
    assert folded == [("r", 2), ("r", 3)]
    assert pump.last_error == ""


def test_a_failed_commit_is_tried_again_with_every_post(tmp_path: Path) -> None:
    class Once(SqliteWriter):
        failed = False

        def commit(self) -> None:
            if not Once.failed:
                Once.failed = True
                self.rollback()
                raise StoreFailed("once")
            super().commit()

    migrate(tmp_path / "a.db")
    pump = Pump(Once(tmp_path / "a.db"), toy_rooms, Bus())
    posted = [pump.post("r", [LikeGiven(key=str(n))], source="s") for n in range(5)]
    pump.start()
    assert [item.result(10).number for item in posted] == [1] * 5
    pump.stop()


def test_ticks_that_are_due_together_share_a_transaction(tmp_path: Path) -> None:
    commits: list[int] = []

    class Counting(SqliteWriter):
        def commit(self) -> None:
            super().commit()
            commits.append(1)

    migrate(tmp_path / "a.db")
    pump = Pump(Counting(tmp_path / "a.db"), toy_rooms, Bus())
    pump.tick([f"r{n}" for n in range(20)], 250)
    like = pump.post("r0", [LikeGiven(key="a")], source="s")
    pump.start()
    like.result(10)
    assert len(commits) == 1
    assert [now for _, now in pump.lags().values()] == [250] * 20
    pump.stop()


def test_an_unknown_room_is_named(tmp_path: Path) -> None:
    pump = toy_pump(tmp_path / "a.db")
    with pytest.raises(NotFound, match="missing"):
        pump.post("missing", [LikeGiven()], source="s").result(10)
    pump.stop()


@pytest.mark.parametrize("seed", range(10))
def test_any_cut_gives_the_same_announcements(tmp_path: Path, seed: int) -> None:
    events = stream(3)
    rng = random.Random(seed)
    feed(tmp_path / "whole.db", events, [])
    feed(tmp_path / "cut.db", events, sorted(rng.sample(range(len(events)), rng.randrange(1, 40))))
    assert announced(tmp_path / "cut.db") == announced(tmp_path / "whole.db")
    assert announced(tmp_path / "whole.db")


def test_a_restart_anywhere_changes_nothing(tmp_path: Path) -> None:
    events = stream(4)
    cuts = list(range(5, len(events), 5))
    feed(tmp_path / "straight.db", events, cuts)
    bounds = [0, *cuts, len(events)]
    for start, end in pairwise(bounds):
        feed(tmp_path / "stopped.db", events[start:end], [])
    assert all_rows(tmp_path / "stopped.db") == all_rows(tmp_path / "straight.db")


def test_without_snapshots_the_journal_alone_brings_it_back(tmp_path: Path) -> None:
    events = stream(5)
    feed(tmp_path / "a.db", events[:60], [20, 40])
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("DELETE FROM snapshots")
    connection.commit()
    connection.close()
    feed(tmp_path / "a.db", events[60:], [])
    feed(tmp_path / "b.db", events, [20, 40, 60])
    assert all_rows(tmp_path / "a.db") == all_rows(tmp_path / "b.db")


def test_a_damaged_snapshot_is_passed_over(tmp_path: Path) -> None:
    events = stream(6)
    feed(tmp_path / "a.db", events[:60], [20, 40])
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("UPDATE snapshots SET blob = zeroblob(100)")
    connection.commit()
    connection.close()
    feed(tmp_path / "a.db", events[60:], [])
    feed(tmp_path / "b.db", events, [20, 40, 60])
    assert all_rows(tmp_path / "a.db") == all_rows(tmp_path / "b.db")


@pytest.mark.parametrize("every", [2, 3, 5])
def test_every_nth_commit_fails_and_nothing_is_lost_or_doubled(tmp_path: Path, every: int) -> None:
    class Shaky(SqliteWriter):
        count = 0

        def commit(self) -> None:
            Shaky.count += 1
            if Shaky.count % every == 0:
                self.rollback()
                raise StoreFailed("the disk is full")
            super().commit()

    events = stream(7)
    cuts = list(range(5, len(events), 5))
    feed(tmp_path / "straight.db", events, cuts)
    feed(tmp_path / "shaky.db", events, cuts, writer=Shaky)
    assert Shaky.count > 10
    assert all_rows(tmp_path / "shaky.db") == all_rows(tmp_path / "straight.db")


@pytest.mark.parametrize("every", [2, 3, 7])
def test_every_nth_decider_fails_and_nothing_is_lost_or_doubled(tmp_path: Path, every: int) -> None:
    calls = 0

    def probe(_: str) -> None:
        nonlocal calls
        calls += 1
        if calls % every == 0:
            raise RuntimeError("planted")

    events = stream(8)
    cuts = list(range(5, len(events), 5))
    feed(tmp_path / "straight.db", events, cuts)
    feed(tmp_path / "shaky.db", events, cuts, probe=probe)
    assert all_rows(tmp_path / "shaky.db") == all_rows(tmp_path / "straight.db")


def test_a_decider_that_stays_broken_owes_and_catches_up(tmp_path: Path) -> None:
    broken = False

    def probe(_: str) -> None:
        if broken:
            raise RuntimeError("planted")

    class Wall:
        def __init__(self) -> None:
            self.ms = 1_000_000

        def now_ms(self) -> int:
            return self.ms

    wall = Wall()
    events = stream(9)
    path = tmp_path / "a.db"
    pump = toy_pump(path, probe=probe, clock=wall)
    pump.post("r", events[:40], source="s").result(10)
    broken = True
    pump.post("r", events[40:80], source="s").result(10)
    assert all_rows(path)["owed"]
    pump.post("r", events[80:100], source="s").result(10)
    wall.ms += 10_000
    pump.post("r", events[100:110], source="s").result(10)
    assert all_rows(path)["owed"]
    broken = False
    wall.ms += 600_000
    pump.post("r", events[110:], source="s").result(10)
    pump.stop()
    feed(tmp_path / "b.db", events, [40, 80, 100, 110])
    assert not all_rows(path)["owed"]
    nudges = [item for part, item in announced(tmp_path / "b.db") if part == "nudge"]
    late = [e for b in batches(path) if b[0].startswith("late:") for e in b[1]]
    straight = [item for part, item in announced(path) if part == "nudge"]
    assert sorted([*straight, *(msgspec.json.encode(e) for e in late)]) == sorted(nudges)
    actions = sqlite3.connect(path).execute("SELECT COUNT(*) FROM outbox").fetchone()[0]
    assert actions == len(nudges)


@pytest.mark.parametrize("stumbles", [0, 1], ids=["at once", "at the second try"])
def test_who_catches_up_finds_the_rows_it_wrote_on_the_way(tmp_path: Path, stumbles: int) -> None:
    """A line kept as rows is not empty because the rows were written a moment ago; a try that fails leaves none."""
    broken, left = False, stumbles

    def probe(_: str) -> None:
        if broken:
            raise RuntimeError("planted")

    class Wall:
        ms = 1_000_000

        def now_ms(self) -> int:
            return self.ms

    class Stumbling(Queue):
        def decide(self, state: Any, events: Any, pictures: Any, unit: Any) -> Any:
            nonlocal left
            found = super().decide(state, events, pictures, unit)
            if not broken and isinstance(unit, LateUnit) and unit.number > 5 and left:
                left -= 1
                raise RuntimeError("planted on the way")
            return found

    def line(path: Path) -> list[tuple[Any, ...]]:
        return [row for row in all_rows(path)["settings"] if str(row[2]).startswith("queue/")]

    said = [[CommentPosted(key=f"{n}", text="x", user="u"), ClockTicked(now=n * 250)] for n in range(1, 9)]
    wall, path = Wall(), tmp_path / "a.db"
    pump = queue_pump(path, Stumbling(), probe=probe, clock=wall)
    for number, batch in enumerate(said):
        broken = 1 < number < 6
        wall.ms += 0 if broken else 1_000_000
        pump.post("r", batch, source="s", arrived=1).result(10)
        if number == 6 and stumbles:
            assert all_rows(path)["owed"] and len(line(path)) == 2, "the try that failed left nothing behind"
    pump.stop()
    straight = queue_pump(tmp_path / "b.db", Queue())
    for batch in said:
        straight.post("r", batch, source="s", arrived=1).result(10)
    straight.stop()
    assert left == 0 and not all_rows(path)["owed"]
    assert [row[2] for row in line(path)] == [row[2] for row in line(tmp_path / "b.db")] and len(line(path)) == 8

    def counts(where: Path) -> list[float]:
        late = [e for source, events in batches(where) if source.startswith("late:") for e in events]
        told = [decode_event(item) for part, item in announced(where) if part == "queue"]
        return sorted(e.facts["line"] for e in [*told, *late] if isinstance(e, SignalNoticed))

    assert counts(path) == counts(tmp_path / "b.db") == [float(n) for n in range(1, 9)]


def batches(path: Path) -> list[tuple[str, list[Event]]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT source, blob FROM journal WHERE room = 'r' ORDER BY number").fetchall()
    connection.close()
    return [(source, decode_events(blob)) for source, blob in rows]


def test_a_ledger_that_fails_stops_its_room_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    pump = toy_pump(path)
    monkeypatch.setattr(Tally, "fail_on", "bad")
    pump.post("r", [CommentPosted(key="1", text="fine")], source="s").result(10)
    stopped = pump.post("r", [CommentPosted(key="2", text="bad")], source="s").result(10)
    later = pump.post("r", [CommentPosted(key="3", text="fine")], source="s").result(10)
    other = pump.post("r2", [CommentPosted(key="1", text="fine")], source="s").result(10)
    assert (stopped.duplicates, later.duplicates, other.duplicates) == (None, None, 0)
    assert "this comment breaks the ledger" in all_rows(path)["stopped"][0][5]
    monkeypatch.setattr(Tally, "fail_on", "")
    pump.resume("r").result(10)
    after = pump.post("r", [CommentPosted(key="4", text="fine")], source="s").result(10)
    pump.stop()
    assert after.duplicates == 0
    assert not all_rows(path)["stopped"]
    assert len([row for row in all_rows(path)["settings"] if row[2].startswith("r/")]) == 4


def test_what_came_before_the_first_tick_is_remembered_over_a_restart(tmp_path: Path) -> None:
    """Room time is 0 until then: the key must not look as old as that once the clock runs."""
    said = CommentPosted(key="c", text="c", user="u")
    arrived = 1_790_000_000_000
    pump = toy_pump(tmp_path / "a.db")
    assert pump.post("r", [said], source="s", arrived=arrived).result(10).duplicates == 0
    pump.post("r", [ClockTicked(now=arrived + 250)], source="livecue", arrived=arrived + 250).result(10)
    pump.stop()
    # Opened once: what is too old is forgotten. Opened again: what is left is read.
    for _ in range(2):
        pump = toy_pump(tmp_path / "a.db")
        pump.room_now("r").result(10)
        pump.stop()
    pump = toy_pump(tmp_path / "a.db")
    assert pump.post("r", [said], source="s", arrived=arrived + 500).result(10).duplicates == 1
    pump.stop()


def test_what_comes_first_after_a_long_rest_is_remembered_over_a_restart(tmp_path: Path) -> None:
    """Room time stands still at rest: the key must not look as old as the last tick once the clock runs again."""
    said = CommentPosted(key="c", text="c", user="u")
    slept = 1_790_000_000_000
    woke = slept + 30 * 24 * 3600 * 1000
    pump = toy_pump(tmp_path / "a.db")
    pump.post("r", [ClockTicked(now=slept)], source="livecue", arrived=slept).result(10)
    pump.stop()
    pump = toy_pump(tmp_path / "a.db")
    assert pump.post("r", [said], source="s", arrived=woke).result(10).duplicates == 0
    pump.post("r", [ClockTicked(now=woke + 250)], source="livecue", arrived=woke + 250).result(10)
    pump.stop()
    for _ in range(2):
        pump = toy_pump(tmp_path / "a.db")
        pump.room_now("r").result(10)
        pump.stop()
    pump = toy_pump(tmp_path / "a.db")
    assert pump.post("r", [said], source="s", arrived=woke + 500).result(10).duplicates == 1
    pump.stop()
